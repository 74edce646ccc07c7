package coverage

import (
	"slices"
	"strings"
	"unicode"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/gen/ir"
)

// frameName tells client frames apart: the first text that a template writes literally, or the entry's name.
type frameName struct {
	member string // top-level member that holds it; "" in text frames
	text   string
}

// nameOfTemplate returns the name of the frame that a template writes; "" when it has none.
func nameOfTemplate(t *ir.Template, wire string) frameName {
	if t == nil {
		return frameName{}
	}
	if t.Text != nil {
		return frameName{text: leading(t.Text, wire)}
	}
	if t.Root == nil {
		return frameName{}
	}
	for _, m := range t.Root.Members {
		if m.Value == nil || m.Value.Leaf == nil {
			continue
		}
		if text := leafName(m.Value.Leaf, wire); text != "" {
			return frameName{member: m.Name, text: text}
		}
	}
	return frameName{}
}

func leafName(l *ir.Leaf, wire string) string {
	switch {
	case l.Builtin == "name":
		return wire
	case l.Text != nil:
		return leading(l.Text, wire)
	}
	return unquote(l.JSON)
}

// leading returns the word that a pattern begins with.
func leading(p *ir.Pattern, wire string) string {
	if len(p.Parts) == 0 {
		return ""
	}
	if p.Parts[0].Builtin == "name" {
		return wire
	}
	return strings.TrimRightFunc(p.Parts[0].Lit, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// unquote returns the text of a JSON string literal, "" for everything else.
func unquote(literal string) string {
	if !strings.HasPrefix(literal, `"`) {
		return ""
	}
	var s string
	if json.Unmarshal([]byte(literal), &s) != nil {
		return ""
	}
	return s
}

// isIn reports whether a raw frame has this name.
func (n frameName) isIn(frame string) bool {
	if n.member == "" {
		return strings.HasPrefix(frame, n.text)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(frame), &members) != nil {
		return false
	}
	return unquote(string(members[n.member])) == n.text
}

// matchNames returns the names that matches ask for in the first key member of a class.
func matchNames(c *ir.Class, on []*ir.Match) []string {
	if c == nil || len(c.Key) == 0 {
		return nil
	}
	var out []string
	for _, m := range on {
		for _, cond := range m.Conds {
			if cond.Path.String() != c.Key[0] {
				continue
			}
			for _, v := range cond.Values {
				out = append(out, valueName(v))
			}
		}
	}
	return distinct(out)
}

func valueName(v ir.CondValue) string {
	if v.Pattern != nil {
		return v.Pattern.Text
	}
	return unquote(v.JSON)
}

// ackNames returns the names of the messages that confirm something.
func ackNames(a *ir.Ack, classes []*ir.Class) []string {
	if a == nil || (a.Mode != ir.AckReply && a.Mode != ir.AckFrame) {
		return nil
	}
	out := []string{a.Name}
	if a.Class != nil {
		classes = []*ir.Class{a.Class}
	}
	for _, c := range classes {
		out = append(out, matchNames(c, a.On)...)
	}
	return distinct(out)
}

// MessagesOf returns the names of the server messages that carry an event; one that is told by its form alone has its
// Go name.
func MessagesOf(e *ir.Event) []string {
	if names := matchNames(e.Class, e.On); len(names) > 0 {
		return names
	}
	return []string{e.Go}
}

// replyNames returns the names of the messages that answer a call; none when nobody knows them.
func replyNames(r *ir.RPC) []string {
	if r.Response == nil || r.Reply != ir.ReplyData {
		return nil
	}
	return distinct(append([]string{r.Response.Name}, matchNames(r.Response.Class, r.Response.On)...))
}

// distinct sorts, and drops repetitions and empty texts; nil when nothing is left.
func distinct(in []string) []string {
	out := slices.DeleteFunc(slices.Clone(in), func(s string) bool { return s == "" })
	if len(out) == 0 {
		return nil
	}
	slices.Sort(out)
	return slices.Clip(slices.Compact(out))
}
