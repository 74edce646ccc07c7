package resolve

import (
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// wire resolves the form of all frames.
func (r *resolver) wire(n *spec.Node) {
	w := &ir.Wire{Dialect: n.Get("dialect").Text()}
	r.v.Wire = w
	if n == nil {
		return
	}
	w.Span = n.Span
	w.IDs = ir.IDs{Type: n.Get("ids").Get("type").Text(), Max: integer(n.Get("ids").Get("max"))}
	frames := mapEntries(n.Get("frames"))
	for _, e := range frames {
		w.Classes = append(w.Classes, r.class(e))
	}
	for i, e := range frames {
		if of := e.Value.Get("of"); of != nil {
			w.Classes[i].Of = r.classRef(of)
		}
	}
	send := n.Get("send")
	w.Call = r.templates(send.Get("call"))
	w.Subscribe = r.templates(send.Get("subscribe"))
	w.Unsubscribe = r.templates(send.Get("unsubscribe"))
	acks := n.Get("acks")
	w.AckCall = r.ack(acks.Get("call"))
	w.AckSubscribe = r.ack(acks.Get("subscribe"))
	w.AckUnsubscribe = r.ack(acks.Get("unsubscribe"))
}

var forms = map[string]ir.Form{"object": ir.FormObject, "array": ir.FormArray, "tuple": ir.FormTuple, "text": ir.FormText}

func (r *resolver) class(e spec.Entry) *ir.Class {
	n := e.Value
	c := &ir.Class{
		Name: e.Key.Value, Form: forms[n.Get("form").Text()], Has: texts(n.Get("has")), Lacks: texts(n.Get("lacks")),
		ID: n.Get("id").Text(), Key: texts(n.Get("key")), Payload: n.Get("payload").Text(), Span: e.Key.Span,
	}
	for _, s := range texts(n.Get("layout")) {
		el := ir.Element{Name: strings.TrimRight(s, "+?"), Repeat: strings.HasSuffix(s, "+"), Optional: strings.HasSuffix(s, "?")}
		c.Layout = append(c.Layout, el)
	}
	if c.Payload == "" && c.Form == ir.FormTuple {
		c.Payload = "payload"
	}
	c.Envelope, _ = r.fieldMap(n.Get("envelope"))
	return c
}

// classRef resolves the name of a class; nil when there is none.
func (r *resolver) classRef(n *spec.Node) *ir.Class {
	if n == nil {
		return nil
	}
	c := r.v.Wire.Class(n.Text())
	if c == nil {
		var known []string
		for _, k := range r.v.Wire.Classes {
			known = append(known, k.Name)
		}
		r.unresolved(n.Span, "frame class", n.Text(), known)
	}
	return c
}

// pushClass is the class of events that name none: the only keyed one that is JSON, or the one called push.
func (r *resolver) pushClass() *ir.Class {
	var found *ir.Class
	for _, c := range r.v.Wire.Classes {
		if len(c.Key) == 0 || c.Form == ir.FormText {
			continue
		}
		if found != nil {
			return r.v.Wire.Class("push")
		}
		found = c
	}
	return found
}

// replyClass is the class of replies that name none: the one that carries ids, else that of events.
func (r *resolver) replyClass() *ir.Class {
	for _, c := range r.v.Wire.Classes {
		if c.ID != "" {
			return c
		}
	}
	return r.pushClass()
}

var ackModes = map[string]ir.AckMode{"reply": ir.AckReply, "frame": ir.AckFrame, "first-event": ir.AckFirstEvent, "none": ir.AckNone}

// ack reads how something is confirmed: a word, or a map. It is nil when the spec says nothing.
func (r *resolver) ack(n *spec.Node) *ir.Ack {
	if n == nil {
		return nil
	}
	if n.Kind == spec.Scalar {
		return &ir.Ack{Mode: ackModes[n.Value], Span: n.Span}
	}
	a := &ir.Ack{
		Mode: ackModes[n.Get("by").Text()], Error: path(n.Get("error")), Per: n.Get("per").Text(),
		Item: paths(n.Get("item")), Name: n.Get("name").Text(), Within: n.Get("within").Text(), Span: n.Span,
	}
	if by := n.Get("by"); by == nil && n.Has("on") {
		a.Mode = ir.AckFrame
	}
	a.Class = r.ackClass(a.Mode, n)
	a.On, a.Ok, a.Refused = matches(n.Get("on"), a.Class), matches(n.Get("ok"), a.Class), matches(n.Get("refused"), a.Class)
	if n.Has("type") {
		a.Type = r.typeExpr(n.Get("type"))
	}
	return a
}

func (r *resolver) ackClass(mode ir.AckMode, n *spec.Node) *ir.Class {
	switch {
	case n.Has("frame"):
		return r.classRef(n.Get("frame"))
	case mode == ir.AckReply:
		return r.replyClass()
	case mode == ir.AckFrame:
		return r.pushClass()
	default:
		return nil
	}
}

// errors resolves how refusals look.
func (r *resolver) errors(n *spec.Node) {
	e := &ir.Errors{}
	r.v.Errors = e
	if n == nil {
		return
	}
	e.Span = n.Span
	e.Ok, e.Refused = matches(n.Get("ok"), nil), matches(n.Get("refused"), nil)
	e.Code, e.Text, e.Detail = path(n.Get("code")), path(n.Get("text")), path(n.Get("detail"))
	for _, c := range mapEntries(n.Get("codes")) {
		e.Codes = append(e.Codes, r.errorCode(c))
	}
	for _, t := range mapEntries(n.Get("texts")) {
		code := r.errorCode(t)
		code.Code, code.Pattern = "", pattern(t.Key)
		e.Texts = append(e.Texts, code)
	}
}

func (r *resolver) errorCode(e spec.Entry) *ir.ErrorCode {
	c := &ir.ErrorCode{
		Go: e.Value.Get("name").Text(), Code: e.Key.Value, Retry: e.Value.Get("retry").Text(),
		Wait: e.Value.Get("wait").Text(), Prov: prov(e.Value), Span: e.Key.Span,
	}
	if e.Value.Has("detail") {
		c.Detail = r.typeExpr(e.Value.Get("detail"))
	}
	return c
}
