package protocol

import (
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// DecodeResult reads the result that a reply frame holds into v. It returns an offset, or a negative code, and d holds
// what failed.
func (r *RPC) DecodeResult(d *wire.Decoder, frame []byte, v wire.Value) int {
	at := wire.Lookup(frame, 0, r.Result...)
	if at < 0 {
		return d.FailMissing(r.Name, strings.Join(r.Result, "."))
	}
	next := v.DecodeJSON(d, frame, at)
	if next < 0 {
		return d.Fail(next, frame, at, r.Name, "")
	}
	return next
}

// WithVersion is a copy that calls another version.
//
//go:noinline // generated code has many calls of it
func (r *RPC) WithVersion(version string) *RPC {
	other := *r
	other.Version = version
	return &other
}
