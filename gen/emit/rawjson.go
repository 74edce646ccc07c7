package emit

import (
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// splitMembers lists the members of the first object in an example frame; nil when it is not JSON.
func splitMembers(frame string) []rawMember {
	b := []byte(strings.TrimLeft(frame, "[ "))
	var d wire.Decoder
	var out []rawMember
	i, more := wire.EnterObject(b, 0)
	for more {
		key, at := d.Key(b, i)
		if at < 0 {
			return nil
		}
		name := string(key)
		at = wire.Space(b, at)
		next := wire.Skip(b, at)
		if next < 0 {
			return nil
		}
		out = append(out, rawMember{name, string(b[at:next])})
		i, more = wire.NextMember(b, next)
	}
	return out
}
