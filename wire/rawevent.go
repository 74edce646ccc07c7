package wire

// RawEvent is an event whose payload the specs do not describe: it is handed on as it came. Types of such events are
// aliases of it, until somebody finds out what they hold.
type RawEvent struct {
	Value Raw `json:"value"`
}

// CloneTo writes a copy in memory of its own to dst.
func (v *RawEvent) CloneTo(dst *RawEvent, _ *Copies) { dst.Value = v.Value.Clone() }
