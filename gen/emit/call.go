package emit

import (
	"fmt"
	"slices"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

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
