package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/venuewire/venuewire/gen/dialect"
	"github.com/venuewire/venuewire/gen/ir"
)

// entry returns the lines of a new entry, not indented.
func (c *newCmd) entry(v *ir.Venue, d *ir.Domain) []string {
	var body []string
	switch c.Kind {
	case "rpc":
		body = c.rpc(v)
	case "subscription":
		body = c.subscription(v, d)
	default:
		body = c.event(v)
	}
	body = append(body, "confidence: guessed")
	if c.Source != "" {
		body = append(body, "source: "+yamlText(c.Source))
	}
	out := []string{yamlText(c.key()) + ":"}
	for _, line := range body {
		out = append(out, indent+line)
	}
	return out
}

const indent = "  "

func (c *newCmd) rpc(v *ir.Venue) []string {
	out := []string{"go: " + yamlText(c.Go)}
	unknown := []string{"request", "response"}
	if c.needsSend(v, v.Wire.Call) {
		out = append(out, "send: "+c.template(v))
	} else if writesVersion(v.Wire.Call) {
		out = append(out, "version: unknown")
		unknown = slices.Insert(unknown, 0, "version")
	}
	if !hasIDs(v) {
		out = append(out, "reply: none")
		unknown = unknown[:len(unknown)-1]
	}
	return append(out, "effect: "+c.Effect, "unknown: ["+strings.Join(unknown, ", ")+"]")
}

func (c *newCmd) subscription(v *ir.Venue, d *ir.Domain) []string {
	out := []string{"go: " + yamlText(c.Go)}
	unknown := []string{"event"}
	if c.needsSend(v, v.Wire.Subscribe) {
		out = append(out, "send: "+c.template(v))
	} else {
		if writesVersion(v.Wire.Subscribe) {
			out = append(out, "version: unknown")
			unknown = slices.Insert(unknown, 0, "version")
		}
		out = append(out, route(v, d)...)
	}
	if len(v.Wire.Unsubscribe) == 0 {
		unknown = append(unknown, "cancel")
	}
	return append(out, "unknown: ["+strings.Join(unknown, ", ")+"]")
}

func (c *newCmd) event(v *ir.Venue) []string {
	out := []string{"on: " + yamlText(c.Name)}
	if class := eventClass(v); class != "" {
		out = append(out, "frame: "+class)
	}
	return append(out, "type: json", "unknown: [shape]")
}

func (c *newCmd) needsSend(v *ir.Venue, shared []*ir.Template) bool {
	d, _ := dialect.ByName(v.Wire.Dialect)
	return len(shared) == 0 || d.EntrySend == dialect.Due
}

// template returns the barest frame of this name: a text, or an object whose naming member is that of the other frames.
func (c *newCmd) template(v *ir.Venue) string {
	for _, ts := range [][]*ir.Template{v.Wire.Subscribe, v.Wire.Call} {
		if len(ts) > 0 && ts[0].Root != nil && len(ts[0].Root.Members) > 0 {
			return fmt.Sprintf("{%s: %s}", yamlText(ts[0].Root.Members[0].Name), yamlText(c.Name))
		}
	}
	return yamlText(c.Name)
}

func hasIDs(v *ir.Venue) bool {
	return slices.ContainsFunc(v.Wire.Classes, func(c *ir.Class) bool { return c.ID != "" })
}

// eventClass names the class of a new event when the dialect or the venue leaves a choice.
func eventClass(v *ir.Venue) string {
	d, _ := dialect.ByName(v.Wire.Dialect)
	var keyed []*ir.Class
	for _, c := range v.Wire.Classes {
		if len(c.Key) > 0 {
			keyed = append(keyed, c)
		}
	}
	named := slices.ContainsFunc(keyed, func(c *ir.Class) bool { return c.Name == "push" })
	if len(keyed) == 0 || (len(keyed) == 1 || named) && d.EventFrame != dialect.Due {
		return ""
	}
	for _, want := range []func(*ir.Class) bool{
		func(c *ir.Class) bool { return c.Name == "push" },
		func(c *ir.Class) bool { return len(c.Layout) > 0 },
		func(c *ir.Class) bool { return c.ID == "" && c.Form == ir.FormObject },
	} {
		if i := slices.IndexFunc(keyed, want); i >= 0 {
			return keyed[i].Name
		}
	}
	return keyed[0].Name
}

func writesVersion(ts []*ir.Template) bool {
	return slices.ContainsFunc(leavesOf(ts), func(l *ir.Leaf) bool { return l.Builtin == "version" })
}

// leavesOf lists the leaves of JSON templates.
func leavesOf(ts []*ir.Template) []*ir.Leaf {
	var out []*ir.Leaf
	var walk func(*ir.TemplateNode)
	walk = func(n *ir.TemplateNode) {
		if n == nil {
			return
		}
		if n.Leaf != nil {
			out = append(out, n.Leaf)
		}
		for _, m := range n.Members {
			walk(m.Value)
		}
	}
	for _, t := range ts {
		walk(t.Root)
	}
	return out
}

// route declares the fields that the shared subscribe frame asks of all streams, as the venue's other streams do.
func route(v *ir.Venue, d *ir.Domain) []string {
	var fields []string
	for _, hole := range holesOf(v.Wire.Subscribe) {
		if like := routeFields(v, d, hole); len(like) == 0 {
			fields = append(fields, yamlText(hole)+": {type: string}")
		} else if !slices.Contains(like, nil) {
			fields = append(fields, yamlText(hole)+": "+fieldSpec(like[0]))
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return []string{"route: {" + strings.Join(fields, ", ") + "}", "demux: none"}
}

// routeFields returns how the streams that share the subscribe frame declare a field, those of the domain first; nil
// for one that does without.
func routeFields(v *ir.Venue, d *ir.Domain, name string) []*ir.Field {
	var out []*ir.Field
	for _, other := range append([]*ir.Domain{d}, v.Domains...) {
		for _, s := range other.Subscriptions {
			if s.Go != "" && len(s.Send) == 0 && len(s.Events) > 0 {
				out = append(out, fieldOf(s.Route, name))
			}
		}
	}
	return out
}

func fieldOf(t *ir.Type, name string) *ir.Field {
	if t == nil {
		return nil
	}
	for _, f := range t.Fields {
		if f.Wire == name {
			return f
		}
	}
	return nil
}

func holesOf(ts []*ir.Template) []string {
	var out []string
	for _, t := range ts {
		if t.Text != nil {
			out = append(out, t.Text.Holes()...)
		}
	}
	for _, l := range leavesOf(ts) {
		switch {
		case l.Hole != "":
			out = append(out, l.Hole)
		case l.Text != nil:
			out = append(out, l.Text.Holes()...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func fieldSpec(f *ir.Field) string {
	parts := []string{"type: " + yamlText(typeText(f.Type))}
	if f.Batch != nil {
		parts = append(parts, "batch: "+batchSpec(f.Batch))
	}
	if f.Wildcard != "" {
		parts = append(parts, "wildcard: "+strconv.Quote(f.Wildcard))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func batchSpec(b *ir.Batch) string {
	switch {
	case b.Array:
		return "array"
	case b.MaxItems > 0:
		return fmt.Sprintf("{sep: %q, max_items: %d}", b.Sep, b.MaxItems)
	}
	return strconv.Quote(b.Sep)
}

// plainText needs no quotes in YAML, inside braces or out of them.
var plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./#-]*$`)

// otherThanText lists the words that some reader of YAML takes for something else.
var otherThanText = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

func yamlText(s string) string {
	if plainText.MatchString(s) && !slices.Contains(otherThanText, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(s)
}
