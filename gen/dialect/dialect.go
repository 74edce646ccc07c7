// Package dialect knows the wire forms that the runtime speaks: for each of them what a spec must say, what it may say
// and what it must not, because nothing would read it.
package dialect

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// Use says whether a dialect reads a key.
type Use int

// The uses. The zero value leaves the choice to the spec.
const (
	May   Use = iota
	Due       // it must be there
	Never     // nothing reads it
)

// Dialect is one wire form.
type Dialect struct {
	Name  string
	Doc   string    // one line
	Forms []ir.Form // of the frames that come in

	IDs           Use // request ids: `wire.ids` and `id` of a frame class
	Layout        Use // `layout` of a frame class
	Texts         Use // templates that are texts, not JSON
	WireCall      Use // `wire.send.call`
	WireSubscribe Use // `wire.send.subscribe` and `unsubscribe`
	EntrySend     Use // `send` of every entry
	Versions      Use // `version` of every rpc that writes <version>
	ResponseOn    Use // `response.on` of every rpc that waits for data
	EventFrame    Use // `frame` of every event
	Push          Use // a keyed class without ids beside the class of replies
	AcksByFrame   Use // acks that say by their content what they confirm
}

// All returns the dialects, in the order of the reference.
func All() []Dialect {
	return []Dialect{rpcEnvelope(), methodChannel(), eventArray(), textTopic(), tupleChannel()}
}

// ByName finds a dialect.
func ByName(name string) (Dialect, bool) {
	all := All()
	i := slices.IndexFunc(all, func(d Dialect) bool { return d.Name == name })
	if i < 0 {
		return Dialect{}, false
	}
	return all[i], true
}

// Takes reports whether frames of a form can come in.
func (d Dialect) Takes(f ir.Form) bool { return slices.Contains(d.Forms, f) }
