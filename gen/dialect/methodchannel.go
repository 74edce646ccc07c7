package dialect

import "github.com/venuewire/venuewire/gen/ir"

// methodChannel has methods that are answered by id and channels that push.
func methodChannel() Dialect {
	return Dialect{
		Name: "method-channel", Doc: "methods answered by id beside channels that push",
		Forms: []ir.Form{ir.FormObject},
		IDs:   Due, Layout: Never, Texts: Never, WireCall: Due, WireSubscribe: Due, Versions: Never, Push: Due,
	}
}
