package protocol

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/wire"
)

// The builtin holes of templates and matches.
const (
	HoleID      = "<id>"
	HoleSubID   = "<sub_id>"
	HoleName    = "<name>"
	HoleVersion = "<version>"
	HoleRequest = "<request>"
	HoleRoute   = "<route>"
	HoleParams  = "<params>"
	HoleToken   = "<token>"
	HoleElapsed = "<elapsed_ms>"
)

// Values fill the holes of a template. A hole without a value leaves its member out, and the object that this
// empties.
type Values struct {
	ID, SubID string // fresh id, and that of the subscribe call; "" none; digits where ids are numbers
	// Name and Version take the place of those of the entry when not "".
	Name, Version string
	Token         string        // "" none
	Elapsed       time.Duration // since the socket opened; written in milliseconds
	// Request, Route and Params are JSON objects: nil is none, {} is written. Their members fill the holes of
	// fields. In a text frame, where an object cannot be left out, nil is written as {}. Members of Params that the
	// feed names in RouteParams are written with the route.
	Request, Route, Params []byte
	// BatchField names the batched field of Batch; "" is the feed's own. Batch are its values as JSON; they take the
	// place of the field's value in Route. When empty, the value in Route counts as a batch of one.
	BatchField string
	Batch      [][]byte
	// Learned are values as JSON that a feed keeps for its cancel; see [Feed.Learn].
	Learned map[string][]byte
}

// source answers what a hole of a template stands for.
type source struct {
	ids           IDKind
	name, version string
	v             *Values
	batch         *Batch // nil: nothing is batched
	field         string // the batched field
	routeParams   []string
}

func (p *Protocol) source(name, version string, batch *Batch, v *Values) *source {
	s := &source{ids: p.IDs.Kind, name: name, version: version, v: v, batch: batch}
	if v.Name != "" {
		s.name = v.Name
	}
	if v.Version != "" {
		s.version = v.Version
	}
	if batch != nil {
		if s.field = batch.Field; v.BatchField != "" {
			s.field = v.BatchField
		}
	}
	return s
}

func (p *Protocol) feedSource(f *Feed, v *Values) *source {
	s := p.source(f.Name, f.Version, f.Batch, v)
	s.routeParams = f.RouteParams
	return s
}

// values lists what a batched field stands for.
func (s *source) values() [][]byte {
	if len(s.v.Batch) > 0 {
		return s.v.Batch
	}
	v := member(s.v.Route, s.field)
	switch wire.Kind(v, 0) {
	case 0, 'n':
		return nil
	case '[':
		return elementsOf(v)
	}
	return [][]byte{v}
}

// hole is the JSON value of a hole that is not batched; nil when it has none.
func (s *source) hole(name string) ([]byte, error) {
	switch name {
	case HoleID:
		return s.id(s.v.ID)
	case HoleSubID:
		return s.id(s.v.SubID)
	case HoleName:
		return quoted(s.name), nil
	case HoleVersion:
		return quoted(s.version), nil
	case HoleToken:
		return quoted(s.v.Token), nil
	case HoleElapsed:
		return strconv.AppendInt(nil, s.v.Elapsed.Milliseconds(), 10), nil
	case HoleRequest, HoleRoute, HoleParams:
		return s.object(name)
	}
	for _, from := range [...][]byte{s.v.Request, s.v.Route, s.v.Params} {
		if v := member(from, name); v != nil {
			return v, nil
		}
	}
	return s.v.Learned[name], nil
}

func (s *source) id(id string) ([]byte, error) {
	switch {
	case id == "":
		return nil, nil
	case s.ids != IntIDs:
		return quoted(id), nil
	}
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return nil, fmt.Errorf("protocol: request id %q is no integer", id)
	}
	return []byte(id), nil
}

// object is one of the field maps, with the batch in its place.
func (s *source) object(name string) ([]byte, error) {
	v := s.v.Request
	switch name {
	case HoleRoute:
		v = s.route()
	case HoleParams:
		v = s.params()
	}
	if v != nil && (wire.Kind(v, 0) != '{' || !wire.Valid(v)) {
		return nil, fmt.Errorf("protocol: value of %s is no JSON object", name)
	}
	return v, nil
}

// route is Values.Route whose batched member holds the whole batch, with the params that belong to it.
func (s *source) route() []byte {
	var values [][]byte
	if s.batch != nil {
		values = s.values()
	}
	if len(values) == 0 && len(s.routeParams) == 0 {
		return s.v.Route
	}
	out, found := []byte{'{'}, len(values) == 0
	eachMember(s.v.Route, 0, func(key, v []byte) bool {
		if len(values) > 0 && string(key) == s.field {
			found, v = true, s.batchValue(values)
		}
		out = appendMember(out, string(key), v)
		return true
	})
	if !found {
		out = appendMember(out, s.field, s.batchValue(values))
	}
	for _, name := range s.routeParams {
		if v := member(s.v.Params, name); v != nil && member(s.v.Route, name) == nil {
			out = appendMember(out, name, v)
		}
	}
	if len(out) == 1 && s.v.Route == nil {
		return nil
	}
	return append(out, '}')
}

// params is Values.Params without what belongs to the route; nil when that was all.
func (s *source) params() []byte {
	if len(s.routeParams) == 0 || s.v.Params == nil {
		return s.v.Params
	}
	out, n := []byte{'{'}, 0
	eachMember(s.v.Params, 0, func(key, v []byte) bool {
		if n++; !slices.Contains(s.routeParams, string(key)) {
			out = appendMember(out, string(key), v)
		}
		return true
	})
	if len(out) == 1 && n > 0 {
		return nil
	}
	return append(out, '}')
}

// batchValue is a whole batch as one JSON value.
func (s *source) batchValue(values [][]byte) []byte {
	if s.batch.Array {
		return joinArray(values)
	}
	var text []byte
	for i, v := range values {
		if i > 0 {
			text = append(text, s.batch.Sep...)
		}
		text = append(text, scalarText(v)...)
	}
	return wire.AppendString(nil, string(text))
}

func joinArray(values [][]byte) []byte {
	out := []byte{'['}
	for i, v := range values {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, v...)
	}
	return append(out, ']')
}

// appendMember adds a member to the object that dst ends with, still open.
func appendMember(dst []byte, name string, value []byte) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(wire.AppendString(dst, name), ':')
	return append(dst, value...)
}

// member is the value of a member of an object; nil when there is none.
func member(object []byte, name string) []byte {
	if wire.Kind(object, 0) != '{' {
		return nil
	}
	return valueAt(object, wire.Lookup(object, 0, name))
}

// quoted is text as a JSON string; nil for "".
func quoted(text string) []byte {
	if text == "" {
		return nil
	}
	return wire.AppendString(nil, text)
}
