package dialect

import "github.com/venuewire/venuewire/gen/ir"

// tupleChannel has events as arrays with a meaning for each place, and objects for everything else.
func tupleChannel() Dialect {
	return Dialect{
		Name: "tuple-channel", Doc: "positional pushes beside objects that are answered by id",
		Forms: []ir.Form{ir.FormObject, ir.FormTuple},
		IDs:   Due, Layout: Due, Texts: Never, Versions: Never, EventFrame: Due,
	}
}
