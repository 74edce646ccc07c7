package dialect

import "github.com/venuewire/venuewire/gen/ir"

// rpcEnvelope has one envelope for everything: calls wrap a named, versioned body, replies carry the id of the call.
func rpcEnvelope() Dialect {
	return Dialect{
		Name: "rpc-envelope", Doc: "versioned calls in one envelope, replies by id, pushes by name",
		Forms: []ir.Form{ir.FormObject},
		IDs:   Due, Layout: Never, Texts: Never, WireCall: Due, Versions: Due,
	}
}
