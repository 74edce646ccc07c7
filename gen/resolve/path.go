package resolve

import (
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// ParsePath reads a path such as "data[].symbol", "value" or "<key>"; it is nil for the empty text.
func ParsePath(s string) ir.Path {
	if s == "" {
		return nil
	}
	var out ir.Path
	for part := range strings.SplitSeq(s, ".") {
		if part == "<key>" {
			out = append(out, ir.PathStep{Key: true})
			continue
		}
		name, each := strings.CutSuffix(part, "[]")
		out = append(out, ir.PathStep{Member: name, Each: each})
	}
	return out
}

func path(n *spec.Node) ir.Path { return ParsePath(n.Text()) }

func paths(n *spec.Node) []ir.Path {
	var out []ir.Path
	for _, s := range texts(n) {
		out = append(out, ParsePath(s))
	}
	return out
}
