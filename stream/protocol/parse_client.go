package protocol

import (
	"slices"

	"github.com/venuewire/venuewire/wire"
)

// client puts together what was read.
func (r *reading) client() ClientFrame {
	f := ClientFrame{Kind: r.kind, RPC: r.rpc, Feed: r.feed, Name: r.name, Version: r.version, Batch: r.values}
	if r.batch != nil {
		f.BatchField = r.batch.Field
	}
	if f.Name == "" {
		f.Name = r.want
	}
	if f.Version == "" {
		f.Version = r.entryVersion()
	}
	for _, h := range r.holes {
		r.place(&f, h.name, h.value)
	}
	for _, h := range r.spreads {
		r.placeMember(&f, h.builtin, h.name, h.value)
	}
	for _, object := range []*[]byte{&f.Request, &f.Route, &f.Params} {
		if *object != nil {
			*object = append(*object, '}')
		}
	}
	return f
}

func (r *reading) entryVersion() string {
	switch {
	case r.rpc != nil:
		return r.rpc.Version
	case r.feed != nil:
		return r.feed.Version
	}
	return ""
}

// place puts a hole where it belongs. Objects are kept open until the end.
func (r *reading) place(f *ClientFrame, name string, v []byte) {
	switch name {
	case HoleID:
		f.ID = idText(v)
	case HoleSubID:
		if f.ID == "" {
			f.ID = idText(v)
		}
	case HoleToken:
		f.Token = string(scalarText(v))
	case HoleRequest, HoleRoute, HoleParams:
		open(f.object(name))
		eachMember(v, 0, func(key, value []byte) bool {
			r.placeMember(f, name, string(key), value)
			return true
		})
	default:
		r.placeMember(f, "", name, v)
	}
}

// placeMember puts a field into the object it belongs to; builtin is "" when the template does not say.
func (r *reading) placeMember(f *ClientFrame, builtin, name string, v []byte) {
	switch {
	case r.batch != nil && name == r.batch.Field && builtin != HoleParams:
		f.Batch = append(f.Batch, r.batch.split(v)...)
		return
	case builtin != "":
	case r.kind == FrameCall:
		builtin = HoleRequest
	case r.learns(name):
		if f.Learned == nil {
			f.Learned = make(map[string][]byte)
		}
		f.Learned[name] = v
		return
	case r.feed != nil && len(r.feed.Route) > 0 && !slices.Contains(r.feed.Route, name):
		builtin = HoleParams
	default:
		builtin = HoleRoute
	}
	object := open(f.object(builtin))
	*object = appendMember(*object, name, v)
}

func (r *reading) learns(name string) bool {
	return r.feed != nil && slices.ContainsFunc(r.feed.Learn, func(l Learn) bool { return l.Name == name })
}

func (f *ClientFrame) object(builtin string) *[]byte {
	switch builtin {
	case HoleRoute:
		return &f.Route
	case HoleParams:
		return &f.Params
	}
	return &f.Request
}

func open(object *[]byte) *[]byte {
	if *object == nil {
		*object = []byte{'{'}
	}
	return object
}

// Field is the value of a request, route or params field, as text; false when the frame does not hold it. For a
// batch it is the first value.
func (f *ClientFrame) Field(name string) (string, bool) {
	if name == f.BatchField && len(f.Batch) > 0 {
		return string(scalarText(f.Batch[0])), true
	}
	for _, object := range [...][]byte{f.Request, f.Route, f.Params} {
		if at := wire.Lookup(object, 0, name); at >= 0 {
			return string(scalarText(valueAt(object, at))), true
		}
	}
	return "", false
}
