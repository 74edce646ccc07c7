package dialect

import "github.com/venuewire/venuewire/gen/ir"

// eventArray has batches of small objects; nothing carries an id, so answers are known by their content.
func eventArray() Dialect {
	return Dialect{
		Name: "event-array", Doc: "batches of events, answers known by their content",
		Forms: []ir.Form{ir.FormArray, ir.FormObject},
		IDs:   Never, Layout: Never, Versions: Never, ResponseOn: Due, AcksByFrame: Due,
	}
}
