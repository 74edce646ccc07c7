package emit

import (
	"fmt"
	"slices"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// topicName is the field that holds a subscription's topic.
func topicName(goName string) string { return lowerFirst(goName) + "Topic" }

// apiStruct writes the struct that has a group's topics, and its methods if connections share it.
func (g *generator) apiStruct(f *j.File, gr *group) {
	if !g.held(gr) {
		return
	}
	var w jenx.Source
	if gr.shared() {
		w.P("// %s holds the methods of %s.", gr.holder(), gr.domain.File)
	} else {
		w.P("// %s holds what can be listened to of %s.", gr.holder(), gr.domain.File)
	}
	w.P("type %s struct {", gr.holder())
	if g.holdsConn(gr) {
		w.P("conn stream.Conn")
	}
	for _, s := range gr.subs {
		w.P("%s %s", topicName(s.Go), topicType(s))
	}
	for _, e := range gr.unsolicited() {
		w.P("%s stream.Broadcast", topicName(e.Go))
	}
	w.P("}")
	w.P("")
	w.P("func (a *%s) init(conn stream.Conn) {", gr.holder())
	if g.holdsConn(gr) {
		w.P("a.conn = conn")
	}
	for _, s := range gr.subs {
		if keyless(s) {
			w.P("a.%s.Init(conn, stream.BroadcastConfig{Name: %q, Feed: &%s})", topicName(s.Go), s.Go, g.feeds[s])
		} else {
			g.topicInit(&w, s)
		}
	}
	for _, e := range gr.unsolicited() {
		more := ""
		if lit := deliveryLit(e.Delivery); lit != "" {
			more = ", Delivery: " + lit
		}
		w.P("a.%s.Init(conn, stream.BroadcastConfig{Name: %q%s})", topicName(e.Go), e.Go, more)
	}
	w.P("}")
	w.AddTo(f)
}

// keyless reports whether a subscription is one stream for the whole connection.
func keyless(s *ir.Subscription) bool { return len(keyFields(s)) == 0 }

func topicType(s *ir.Subscription) string {
	if keyless(s) {
		return "stream.Broadcast"
	}
	if topicHash(s) != "" {
		return fmt.Sprintf("stream.HotTopic[%s]", keyType(s))
	}
	return fmt.Sprintf("stream.Topic[%s]", keyType(s))
}

// topicHash spells the hash by which a topic of busy events finds keys; "" for all others.
func topicHash(s *ir.Subscription) string {
	if !hotSub(s) || keyless(s) {
		return ""
	}
	return keyHash(s)
}

// topicOf spells the topic that a subscription is made on.
func topicOf(s *ir.Subscription) string {
	if topicHash(s) != "" {
		return topicName(s.Go) + ".Topic"
	}
	return topicName(s.Go)
}

// topicInit writes how a topic spells and matches its keys.
func (g *generator) topicInit(w *jenx.Source, s *ir.Subscription) {
	w.P("a.%s.Init(conn, stream.Routing[%s]{", topicName(s.Go), keyType(s))
	w.P("Name: %q,", s.Go)
	w.P("Feed: &%s,", g.feeds[s])
	w.P("Item: %s,", g.itemFunc(s))
	if looseRouting(s) {
		w.P("Match: %s,", g.matchFunc(s))
	}
	if b := s.Batched(); b != nil && b.Wildcard != "" && len(keyFields(s)) == 1 {
		w.P("All: func(k *%s) bool { return *k == %q },", keyType(s), b.Wildcard)
	}
	if hash := topicHash(s); hash != "" {
		w.P("}, func(k %s) uint { return %s })", keyType(s), hash)
		return
	}
	w.P("})")
}

// keyHash spells a cheap hash of a key; "" for keys that have none.
func keyHash(s *ir.Subscription) string {
	keys := keyFields(s)
	out := ""
	for _, f := range keys {
		x := "k"
		if len(keys) > 1 {
			x += "." + f.Go
		}
		part := hashOf(x, f)
		if part == "" {
			return ""
		}
		if out != "" {
			part = out + "*31 + " + part
		}
		out = part
		if len(keys) > 2 && f != keys[len(keys)-1] {
			out = "(" + out + ")"
		}
	}
	return out
}

func hashOf(x string, f *ir.Field) string {
	u := underlying(f.Type)
	switch {
	case f.Opt(ir.PartialNone):
		return ""
	case intEnum(u), u.Kind == ir.KindScalar && scalarType(u.Scalar) == "int64":
		return "uint(" + x + ")"
	case u.Kind == ir.KindEnum, u.Kind == ir.KindKeyOf, u.Kind == ir.KindScalar && u.Scalar == "string":
		return "wire.InternHash(string(" + x + "))"
	}
	return ""
}

// subKind spells how queues handle what a subscription delivers.
func (g *generator) subKind(s *ir.Subscription) string {
	if len(s.Events) > 1 {
		return fmt.Sprintf("stream.Kind[%sEvent]{Clone: (*%sEvent).cloneTo}", s.Go, s.Go)
	}
	return g.eventKind(s.Events[0])
}

// eventKind spells how queues handle an event: by assignment, or by what its type needs.
func (g *generator) eventKind(e *ir.Event) string {
	var parts []string
	if clone := g.cloner(e.Type); clone != "" {
		parts = append(parts, "Clone: "+clone)
	}
	if merge := merger(e); merge != "" {
		parts = append(parts, "Merge: "+merge)
	}
	return fmt.Sprintf("stream.Kind[%s]{%s}", goType(e.Type), strings.Join(parts, ", "))
}

// merger spells how a newer event adds to an older one, if an event holds what changed of one record; else "".
func merger(e *ir.Event) string {
	if e.Merge == nil || len(e.Merge.Rows) > 0 || e.Merge.ByKey {
		return ""
	}
	switch t := goType(e.Type); {
	case e.Type.Partial != ir.PartialNone:
		return fmt.Sprintf("(*%s).Merge", t)
	case e.Payload != e.Type && e.Payload.Partial != ir.PartialNone:
		return fmt.Sprintf("func(dst, newer *%s) { dst.Value.Merge(&newer.Value) }", t)
	}
	return ""
}

// arguments spells a call's parameters beyond the context.
func arguments(r *ir.RPC) string {
	var out []string
	if r.VersionIsArgument() {
		out = append(out, "version string")
	}
	if hasRequest(r) {
		out = append(out, "req "+r.Request.Go)
	} else if freeBody(r) {
		out = append(out, "body wire.Raw")
	}
	if len(out) == 0 {
		return ""
	}
	return ", " + strings.Join(out, ", ")
}

// hasRequest reports whether the caller has anything to say.
func hasRequest(r *ir.RPC) bool {
	return r.Request != nil && slices.ContainsFunc(r.Request.Fields, func(f *ir.Field) bool { return f.Const == nil })
}

// freeBody reports whether nobody knows the request's shape, so that the caller writes it.
func freeBody(r *ir.RPC) bool {
	return r.Request == nil && slices.Contains(r.Unknown, "request")
}

// resultType spells what a method returns besides the error; "" nothing.
func resultType(r *ir.RPC) string {
	if r.Reply != ir.ReplyData || r.Response == nil || r.Response.Result == nil {
		return ""
	}
	t := goType(r.Response.Result)
	switch {
	case len(r.Response.Per) > 0:
		return "[]" + t
	case pointerResult(r):
		return "*" + t
	}
	return t
}

func pointerResult(r *ir.RPC) bool {
	switch underlying(r.Response.Result).Kind {
	case ir.KindStruct, ir.KindTuple, ir.KindUnion, ir.KindText:
		return true
	}
	return false
}

// rpcMethod writes the method of one call.
func (g *generator) rpcMethod(f *j.File, gr *group, r *ir.RPC) {
	var w jenx.Source
	w.Doc(rpcDoc(r))
	result := resultType(r)
	out := "error"
	if result != "" {
		out = "(" + result + ", error)"
	}
	w.P("func (a *%s) %s(ctx context.Context%s) %s {", g.receiver(gr), r.Go, arguments(r), out)
	fail := "return err"
	if result != "" {
		fail = "return " + zeroOf(r, result) + ", err"
	}
	if hasRequest(r) && validated(r.Request) {
		w.P("if err := req.Validate(); err != nil {")
		w.P("return %s", strings.TrimPrefix(strings.Replace(fail, "err", fmt.Sprintf("stream.Unsent(&rpc%s, err)", r.Go), 1), "return "))
		w.P("}")
	}
	desc := "&rpc" + r.Go
	if r.VersionIsArgument() {
		desc = "rpc" + r.Go + ".WithVersion(version)"
	}
	g.rpcCall(&w, r, desc, result)
	w.P("}")
	w.AddTo(f)
	g.replyReader(f, r, result)
}

func zeroOf(r *ir.RPC, result string) string {
	if result[0] == '*' || result[0] == '[' || strings.HasPrefix(result, "wire.Map") || result == "wire.Raw" {
		return "nil"
	}
	return "*new(" + result + ")"
}

func (g *generator) rpcCall(w *jenx.Source, r *ir.RPC, desc, result string) {
	body := "nil"
	switch {
	case hasRequest(r):
		body = g.appendValue("nil", "req", r.Request)
	case freeBody(r):
		body = "body"
	case r.Request != nil:
		body = "[]byte(" + rawLit(constBody(r.Request)) + ")"
	}
	if result == "" {
		w.P("return stream.Do(ctx, a.conn, %s, %s)", desc, body)
		return
	}
	switch {
	case len(r.Response.Per) > 0:
		w.P("return stream.InvokeAll(ctx, a.conn, %s, %s, read%sReply)", desc, body, r.Go)
	case pointerResult(r):
		g.invoke(w, r, desc, body, strings.TrimPrefix(result, "*"))
	case plainResult(r):
		w.P("var result %s", result)
		w.P("if err := stream.Invoke(ctx, a.conn, %s, %s, %s); err != nil {", desc, body, g.asValue("&result", r.Response.Result))
		w.P("return %s, err", zeroOf(r, result))
		w.P("}")
		w.P("return result, nil")
	default:
		w.P("return stream.InvokeValue(ctx, a.conn, %s, %s, read%sReply)", desc, body, r.Go)
	}
}

// invoke writes a call whose result is handed out by pointer.
func (g *generator) invoke(w *jenx.Source, r *ir.RPC, desc, body, result string) {
	if !plainResult(r) {
		w.P("result, err := stream.InvokeValue(ctx, a.conn, %s, %s, read%sReply)", desc, body, r.Go)
		w.P("if err != nil {")
		w.P("return nil, err")
		w.P("}")
		w.P("return &result, nil")
		return
	}
	w.P("result := new(%s)", result)
	w.P("if err := stream.Invoke(ctx, a.conn, %s, %s, %s); err != nil {", desc, body, g.asValue("result", r.Response.Result))
	w.P("return nil, err")
	w.P("}")
	w.P("return result, nil")
}

// asValue spells a pointer to a value of type t as a wire.Value.
func (g *generator) asValue(p string, t *ir.Type) string {
	return g.ifListed(t, "wire.ValueOf("+p+")", p)
}

// plainResult reports whether a reply holds its result in one place and nothing besides, so that it needs no reader.
func plainResult(r *ir.RPC) bool {
	res := r.Response
	if resultType(r) == "" || len(res.Per) > 0 || res.Optional || len(res.Envelope) > 0 {
		return false
	}
	if res.Class != nil && res.Class.Form == ir.FormText || res.Type != res.Result {
		return false
	}
	return isJSON(res.Type) || pointerResult(r) && selfMade(res.Type, codingOf(res.Type)) && !noMembers(res.Type)
}

// constBody is the request of which nothing can be set.
func constBody(t *ir.Type) string {
	var out []string
	for _, f := range t.Fields {
		if f.Const != nil {
			out = append(out, fmt.Sprintf("%q:%s", f.Wire, *f.Const))
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

// replyReader writes the function that decodes a reply frame.
func (g *generator) replyReader(f *j.File, r *ir.RPC, result string) {
	if result == "" || plainResult(r) {
		return
	}
	res := r.Response
	var w jenx.Source
	w.P("func read%sReply(v *%s, d *wire.Decoder, b []byte) (i int) {", r.Go, goType(res.Result))
	g.replyPayload(&w, r)
	for _, e := range res.Envelope {
		g.replyEnvelope(&w, res, e)
	}
	w.P("return i")
	w.P("}")
	w.AddTo(f)
}

func (g *generator) replyPayload(w *jenx.Source, r *ir.RPC) {
	res := r.Response
	if res.Class != nil && res.Class.Form == ir.FormText {
		w.P("*v = %s(b)", goType(res.Result))
		return
	}
	path := payloadPath(res.Class, res.At, res.AtSet)
	if len(path) == 0 {
		w.P("at := 0")
	} else {
		w.P("at := wire.Lookup(b, 0, %s)", quoteSteps(path))
		if !res.Optional {
			w.P("if at < 0 {")
			w.P("return d.FailMissing(%q, %q)", r.Go+"Reply", path.String())
			w.P("}")
		}
	}
	if res.Type == nil || structOf(res.Type) != nil && len(members(structOf(res.Type))) == 0 {
		return
	}
	if res.Optional {
		w.P("if at >= 0 {")
	}
	x := "*v"
	if res.Result != res.Type && slices.ContainsFunc(res.Result.Fields, func(f *ir.Field) bool { return f.Go == "Value" && !f.FromEnvelope }) {
		x = "v.Value"
	}
	g.read(w, x, res.Type, codingOf(res.Type))
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, at, %q, \"\")", r.Go+"Reply")
	w.P("}")
	if res.Optional {
		w.P("}")
	}
}

// payloadPath is where the payload of a frame stands; empty: the frame itself.
func payloadPath(c *ir.Class, at ir.Path, set bool) ir.Path {
	if set {
		return at
	}
	if c != nil && c.Payload != "" {
		return ir.Path{{Member: c.Payload}}
	}
	return nil
}

func (g *generator) replyEnvelope(w *jenx.Source, res *ir.Response, e *ir.Field) {
	w.P("if at := wire.Lookup(b, 0, %q); at >= 0 {", e.Wire)
	if e.Opt(ir.PartialNone) {
		g.readOpt(w, "v."+e.Go, e)
	} else {
		g.read(w, "v."+e.Go, e.Type, e.Coding)
	}
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, at, %q, %q)", goType(res.Result), e.Wire)
	w.P("}")
	w.P("}")
}

// rpcDoc is the doc comment of a method.
func rpcDoc(r *ir.RPC) string {
	first := sentence(r.Go, r.Prov.Doc, "calls "+r.Wire)
	how := fmt.Sprintf("Call %s", r.Wire)
	if v := r.SentVersion(); v != "" {
		how += " " + v
	}
	if r.VersionUnknown {
		how += "; the reference does not tell the version"
		if r.VersionIsArgument() {
			how += ", so the caller names it"
		}
	}
	how += ". " + effectDoc(r.Effect)
	if freeBody(r) {
		how += " Nobody knows its request: body is sent as given, nil sends none."
	}
	switch r.Reply {
	case ir.ReplyAck:
		how += " The acknowledgement ends the call."
	case ir.ReplyNone:
		how += " The venue does not answer."
	}
	return paragraphs(first, strings.TrimSpace(how+"\n"+provenance(r.Prov)), deprecation(r.Prov.Deprecated))
}

func effectDoc(e ir.Effect) string {
	switch e {
	case ir.EffectRead:
		return "It reads only."
	case ir.EffectWrite:
		return "It changes state at the venue and is never repeated by the library."
	}
	return "It is an order: it goes out at once or fails with stream.ErrNotSent, and is never repeated."
}
