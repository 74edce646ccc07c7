package dialect

import "github.com/venuewire/venuewire/gen/ir"

// textTopic writes text commands and reads objects that are told apart by a topic.
func textTopic() Dialect {
	return Dialect{
		Name: "text-topic", Doc: "text commands out, objects with a topic in",
		Forms: []ir.Form{ir.FormObject, ir.FormText},
		IDs:   Never, Layout: Never, WireCall: Never, WireSubscribe: Never, EntrySend: Due, Versions: Never,
	}
}
