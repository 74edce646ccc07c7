package emit

import (
	"fmt"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// subscription writes the methods of one subscription.
func (g *generator) subscription(f *j.File, gr *group, s *ir.Subscription) {
	var w jenx.Source
	g.subMethod(&w, gr, s, false)
	if hotSub(s) {
		g.subMethod(&w, gr, s, true)
	}
	g.keyDecls(&w, s)
	w.AddTo(f)
}

// hotSub reports whether a direct handler is worth having.
func hotSub(s *ir.Subscription) bool {
	for _, e := range s.Events {
		if e.Hot != ir.Cold {
			return true
		}
	}
	return false
}

func (g *generator) subMethod(w *jenx.Source, gr *group, s *ir.Subscription, direct bool) {
	name, args, call := "Subscribe"+s.Go, "", ""
	do, result := "Listen", fmt.Sprintf("*stream.Stream[%s]", payloadType(s))
	if !keyless(s) {
		args, call = ", keys []"+keyType(s), ", keys"
		do, result = "Subscribe", fmt.Sprintf("*stream.Sub[%s, %s]", keyType(s), payloadType(s))
	}
	params := `""`
	p := paramStruct(s)
	if p != nil {
		args += ", params " + p.Go
		params = "string(params.AppendJSON(nil))"
	}
	doc := subDoc(s)
	last := g.subKind(s)
	if direct {
		name, do, last = "Direct"+s.Go, "Direct", "fn"
		if keyless(s) {
			do = "ListenDirect"
		}
		args += fmt.Sprintf(", fn func(*%s, stream.Meta)", payloadType(s))
		doc = fmt.Sprintf("Direct%s is Subscribe%s without a queue: fn runs on the reading goroutine and borrows the event until it returns. It must not block and must not call the client.", s.Go, s.Go)
	}
	w.Doc(doc)
	w.P("func (a *%s) %s(ctx context.Context%s, opts ...stream.Option) (%s, error) {", g.receiver(gr), name, args, result)
	if p != nil && validated(p) {
		w.P("if err := params.Validate(); err != nil {")
		w.P("return nil, err")
		w.P("}")
	}
	g.keyChecks(w, s)
	w.P("return stream.%s(ctx, &a.%s%s, %s, %s, opts)", do, topicOf(s), call, params, last)
	w.P("}")
	w.P("")
}

// keyChecks writes the check of keys that are made of parts.
func (g *generator) keyChecks(w *jenx.Source, s *ir.Subscription) {
	for _, f := range keyFields(s) {
		if underlying(f.Type).Kind != ir.KindText || !comparable(f.Type) || f.Optional {
			continue
		}
		x := "keys[i]"
		if len(keyFields(s)) > 1 {
			x += "." + f.Go
		}
		w.P("for i := range keys {")
		w.P("if err := %s.Validate(); err != nil {", x)
		w.P("return nil, err")
		w.P("}")
		w.P("}")
	}
}

func subDoc(s *ir.Subscription) string {
	first := sentence("Subscribe"+s.Go, s.Prov.Doc, "streams "+s.Wire)
	how := "Feed " + s.Wire
	if v := s.SentVersion(); v != "" {
		how += " " + v
	}
	how += ". It returns when " + ackDoc(s) + "."
	if len(keyFields(s)) == 0 && len(s.Demux) == 0 {
		how += " There is one stream for the whole connection."
	}
	if l := s.Lifetime; l != nil && l.Ends != "" {
		how += " The venue ends it after " + l.Ends + "; the client renews it before."
	}
	return paragraphs(first, strings.TrimSpace(how+"\n"+provenance(s.Prov)), deprecation(s.Prov.Deprecated))
}

func ackDoc(s *ir.Subscription) string {
	if s.Ack == nil {
		return "the request was written: the venue confirms nothing"
	}
	switch s.Ack.Mode {
	case ir.AckFirstEvent:
		return "the first event of every key came"
	case ir.AckNone:
		return "the request was written: the venue confirms nothing"
	}
	return "the venue has confirmed every key"
}

// listenMethod writes the method for an event that comes without being asked for.
func (g *generator) listenMethod(f *j.File, gr *group, e *ir.Event) {
	var w jenx.Source
	what := "It comes without being asked for"
	if e.Prov.Doc != "" {
		what = "Each event " + strings.TrimSuffix(e.Prov.Doc, ".") + "; it comes without being asked for"
	}
	w.Doc(paragraphs(fmt.Sprintf("Listen%s hands out what the venue pushes as %s. %s.", e.Go, eventNames(e), what), provenance(e.Prov), deprecation(e.Prov.Deprecated)))
	w.P("func (a *%s) Listen%s(opts ...stream.Option) (*stream.Stream[%s], error) {", g.receiver(gr), e.Go, goType(e.Type))
	w.P("return stream.Listen(context.Background(), &a.%s, \"\", %s, opts)", topicName(e.Go), g.eventKind(e))
	w.P("}")
	w.AddTo(f)
}

// eventNames spells the wire names of an event for people.
func eventNames(e *ir.Event) string {
	var out []string
	for _, m := range e.On {
		var parts []string
		for _, c := range m.Conds {
			for _, v := range c.Values {
				parts = append(parts, valueText(v))
			}
		}
		for _, h := range m.Has {
			parts = append(parts, "a frame with "+h.String())
		}
		out = append(out, strings.Join(parts, " "))
	}
	return strings.Join(out, " or ")
}

func valueText(v ir.CondValue) string {
	switch {
	case v.Pattern != nil:
		return v.Pattern.Text
	case v.Range:
		return fmt.Sprintf("%d to %d", v.Min, v.Max)
	}
	return strings.Trim(v.JSON, `"`)
}

// looseRouting reports whether a key and an event agree by comparison instead of by equality of one key.
func looseRouting(s *ir.Subscription) bool {
	for _, d := range s.Demux {
		if d.Loose || len(d.Paths) > 1 || !comparable(d.Field.Type) {
			return true
		}
	}
	return false
}

// matchFunc spells the comparison of a key with an event; what is absent on either side agrees with everything.
func (g *generator) matchFunc(s *ir.Subscription) string {
	var w jenx.Source
	w.P("func(k *%s, event any) bool {", keyType(s))
	w.P("v := event.(*%s)", payloadType(s))
	if len(s.Events) == 1 {
		for _, d := range s.Demux {
			g.matchField(&w, s, d, "v", s.Events[0])
		}
	} else {
		for _, e := range s.Events {
			w.P("if v := v.%s; v != nil {", e.Go)
			for _, d := range s.Demux {
				g.matchField(&w, s, d, "v", e)
			}
			w.P("}")
		}
	}
	w.P("return true")
	w.P("}")
	return trim(w.String())
}

func (g *generator) matchField(w *jenx.Source, s *ir.Subscription, d *ir.Demux, root string, e *ir.Event) {
	k := "k." + d.Field.Go
	if len(keyFields(s)) == 1 {
		k = "*k"
	}
	if keyField(d.Field).Opt(ir.PartialNone) {
		w.P("if want, ok := %s.Get(); ok {", parens(k))
		k = "want"
	} else {
		w.P("{")
	}
	var present, equal []string
	for _, p := range d.Paths {
		m := resolvePath(root, e.Type, p)
		if m == nil {
			continue
		}
		there, eq := m.compare(d.Field, k)
		present, equal = append(present, there), append(equal, eq)
	}
	if cond := disagree(present, equal); cond != "" {
		w.P("if %s {", cond)
		w.P("return false")
		w.P("}")
	}
	w.P("}")
}

// disagree is the condition under which no member that is there equals the key; "" never.
func disagree(present, equal []string) string {
	var anyThere, noneEqual []string
	for n := range equal {
		if present[n] == "true" {
			anyThere = []string{"true"}
		} else if len(anyThere) == 0 || anyThere[0] != "true" {
			anyThere = append(anyThere, present[n])
		}
		noneEqual = append(noneEqual, equal[n])
	}
	if len(equal) == 0 {
		return ""
	}
	differ := "!(" + strings.Join(noneEqual, " || ") + ")"
	if anyThere[0] == "true" {
		return differ
	}
	return "(" + strings.Join(anyThere, " || ") + ") && " + differ
}

// compare spells whether the member is there and whether it is and equals the key.
func (m *member) compare(key *ir.Field, k string) (present, equal string) {
	x, want := m.expr, convertKey(key, m.field, k)
	text := !comparable(m.field.Type)
	if m.opt {
		if text {
			return x + ".HasValue()", fmt.Sprintf("func() bool { x, ok := %s.Get(); return ok && x.String() == %s }()", x, k)
		}
		return x + ".HasValue()", fmt.Sprintf("%s == wire.Some(%s)", x, want)
	}
	if text {
		equal = fmt.Sprintf("%s.String() == %s", x, k)
	} else {
		equal = fmt.Sprintf("%s == %s", x, want)
	}
	if m.has == "" {
		return "true", equal
	}
	return m.has, m.has + " && " + equal
}

// convertKey makes a key field comparable with an event member of another named type.
func convertKey(key, event *ir.Field, expr string) string {
	if !comparable(key.Type) || goType(key.Type) == goType(event.Type) {
		return expr
	}
	return goType(event.Type) + "(" + expr + ")"
}

// member is an event member reached by a path.
type member struct {
	expr  string
	field *ir.Field
	opt   bool   // expr is a wire.Opt
	has   string // condition for presence in a partial struct; "" always there
	rows  string // list whose rows carry the member; "" none
}

// resolvePath follows a path through an event type; nil when it leads nowhere.
func resolvePath(root string, t *ir.Type, p ir.Path) *member {
	out := &member{expr: root}
	for n, step := range p {
		st := structOf(t)
		if st == nil {
			return nil
		}
		f := fieldNamed(st, step.Member)
		if f == nil {
			if v := fieldNamed(st, "Value"); v != nil && structOf(v.Type) != nil {
				return resolvePath(out.expr+".Value", v.Type, p[n:])
			}
			return nil
		}
		if st.Partial == ir.PartialMask && !f.FromEnvelope {
			out.has = fmt.Sprintf("%s.Has(%sField%s)", out.expr, st.Go, f.Go)
		}
		out.expr += "." + f.Go
		if st.Partial == ir.PartialSparse && !f.FromEnvelope {
			out.expr += "()"
		}
		out.field = f
		out.opt = f.Opt(st.Partial) || st.Partial == ir.PartialSparse && !f.FromEnvelope
		t = f.Type
		if out.opt && n < len(p)-1 {
			out.has = out.expr + ".HasValue()"
			out.expr += ".Or(" + goType(t) + "{})"
		}
		if step.Each {
			out.rows = out.expr
			out.expr, t = "row", underlying(t).Elem
		}
	}
	return out
}

func fieldNamed(t *ir.Type, wireName string) *ir.Field {
	for _, f := range t.Fields {
		if f.Wire == wireName || f.Go == "Value" && strings.EqualFold(wireName, "value") {
			return f
		}
	}
	return nil
}
