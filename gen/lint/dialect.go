package lint

import (
	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/dialect"
	"github.com/venuewire/venuewire/gen/ir"
)

// dialectKeys compares what a venue declares with what its dialect reads.
func dialectKeys(c *checker) {
	d, ok := dialect.ByName(c.v.Wire.Dialect)
	if !ok {
		return
	}
	c.wireKeys(d)
	for _, k := range c.v.Wire.Classes {
		c.classKeys(d, k)
	}
	for x := range c.rpcs() {
		if x.Go != "" {
			c.rpcKeys(d, x)
		}
	}
	for s := range c.subscriptions() {
		if s.Go != "" {
			c.subscriptionKeys(d, s)
		}
	}
	for ev := range c.events() {
		if d.EventFrame == dialect.Due {
			c.use(d, d.EventFrame, ev.FrameSet, ev.Span, "`frame` on every event")
		}
	}
}

// use reports a key that is due and not there, or there and never read.
func (c *checker) use(d dialect.Dialect, u dialect.Use, has bool, span diag.Span, what string) {
	switch {
	case u == dialect.Due && !has:
		c.report(span, "dialect %s needs %s", d.Name, what)
	case u == dialect.Never && has:
		c.report(span, "dialect %s does not use %s", d.Name, what).WithHint("leave it out")
	}
}

func (c *checker) wireKeys(d dialect.Dialect) {
	w := c.v.Wire
	withID, withLayout, pushes := false, false, false
	for _, k := range w.Classes {
		withID = withID || k.ID != ""
		withLayout = withLayout || len(k.Layout) > 0
		pushes = pushes || k.ID == "" && len(k.Key) > 0
	}
	c.use(d, d.IDs, w.IDs.Type != "" || withID, w.Span, "`ids` and a frame class with `id`")
	if d.IDs == dialect.Due && withID != (w.IDs.Type != "") {
		c.report(w.Span, "`ids` and the `id` of a frame class go together")
	}
	if d.Layout == dialect.Due {
		c.use(d, d.Layout, withLayout, w.Span, "a frame class with `layout`")
	}
	c.use(d, d.WireCall, len(w.Call) > 0, templateSpan(w.Call, w.Span), "`send.call`")
	c.use(d, d.WireSubscribe, len(w.Subscribe) > 0, templateSpan(w.Subscribe, w.Span), "`send.subscribe`")
	if d.Push == dialect.Due {
		c.use(d, d.Push, pushes, w.Span, "a frame class of pushes: one with `key` and without `id`")
	}
	for _, ts := range [][]*ir.Template{w.Call, w.Subscribe, w.Unsubscribe} {
		c.textTemplates(d, ts)
	}
}

func templateSpan(ts []*ir.Template, def diag.Span) diag.Span {
	if len(ts) > 0 {
		return ts[0].Span
	}
	return def
}

func (c *checker) textTemplates(d dialect.Dialect, ts []*ir.Template) {
	for _, t := range ts {
		if t.Text != nil && d.Texts == dialect.Never {
			c.report(t.Span, "dialect %s does not use text templates", d.Name).WithHint("write the frame as a map")
		}
	}
}

func (c *checker) classKeys(d dialect.Dialect, k *ir.Class) {
	if !d.Takes(k.Form) {
		c.report(k.Span, "dialect %s has no frames of form %s", d.Name, formName(k.Form))
	}
	if d.Layout == dialect.Never {
		c.use(d, d.Layout, len(k.Layout) > 0, k.Span, "`layout`")
	}
	if k.Form == ir.FormTuple && len(k.Layout) == 0 {
		c.report(k.Span, "frame class %q is a tuple without `layout`", k.Name)
	}
	if k.Form == ir.FormArray && k.Of == nil {
		c.report(k.Span, "frame class %q is a batch without `of`", k.Name).WithHint("name the class of the elements")
	}
}

func formName(f ir.Form) string {
	return [...]string{ir.FormObject: "object", ir.FormArray: "array", ir.FormTuple: "tuple", ir.FormText: "text"}[f]
}

func (c *checker) rpcKeys(d dialect.Dialect, x *ir.RPC) {
	c.textTemplates(d, x.Send)
	c.use(d, d.EntrySend, len(x.Send) > 0, x.Span, "`send` on every rpc")
	sent := x.Send
	if len(sent) == 0 {
		sent = c.v.Wire.Call
	}
	if len(sent) == 0 && d.EntrySend != dialect.Due {
		c.report(x.Span, "nothing says how rpc %q is written", x.Wire).WithHint("give it `send`, or the wire `send.call`")
	}
	c.versionKeys(d, &x.Entry, sent)
	if d.ResponseOn == dialect.Due && x.Reply == ir.ReplyData {
		c.use(d, d.ResponseOn, x.Response != nil && len(x.Response.On) > 0, x.Span, "`response.on` on every rpc that waits for a reply")
	}
}

// versionKeys checks the version of an entry against the templates that must carry one.
func (c *checker) versionKeys(d dialect.Dialect, e *ir.Entry, sent []*ir.Template) {
	has := e.Version != "" || e.VersionUnknown
	switch {
	case d.Versions == dialect.Never:
		c.use(d, d.Versions, has, e.Span, "`version`")
	case d.Versions == dialect.Due && usesBuiltin(sent, "version") && !has:
		c.report(e.Span, "rpc %q has no version", e.Wire).WithHint("quote it, such as \"1.0\", or say `version: unknown`")
	}
}

func (c *checker) subscriptionKeys(d dialect.Dialect, s *ir.Subscription) {
	c.textTemplates(d, s.Send)
	c.textTemplates(d, s.Cancel)
	c.use(d, d.EntrySend, len(s.Send) > 0, s.Span, "`send` on every subscription")
	if d.EntrySend != dialect.Due && len(s.Send) == 0 && len(c.v.Wire.Subscribe) == 0 {
		c.report(s.Span, "nothing says how subscription %q is written", s.Wire).
			WithHint("give it `send`, or the wire `send.subscribe`")
	}
	c.versionKeys(d, &s.Entry, nil)
	if d.AcksByFrame == dialect.Due && s.Ack != nil && s.Ack.Mode == ir.AckReply {
		c.report(s.Ack.Span, "dialect %s has no ids: an ack cannot be `by: reply`", d.Name).WithHint("use `by: frame` with `on`")
	}
}
