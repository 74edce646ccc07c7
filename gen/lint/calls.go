package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

// needsCycle reports rpcs that need themselves, by way of others or not.
func needsCycle(c *checker) {
	for x := range c.rpcs() {
		if inCycle(x) {
			c.report(x.Needs.Span, "rpc %q needs a call that needs it in turn", x.Wire)
		}
	}
}

func needed(x *ir.RPC) *ir.RPC {
	if x == nil || x.Needs == nil {
		return nil
	}
	return x.Needs.Call
}

// inCycle follows what an rpc needs until it ends, comes back to the rpc, or turns in a circle elsewhere.
func inCycle(x *ir.RPC) bool {
	seen := map[*ir.RPC]bool{}
	for y := needed(x); y != nil && !seen[y]; y = needed(y) {
		if y.Row == x.Row {
			return true
		}
		seen[y] = true
	}
	return false
}

func effectMissing(c *checker) {
	for x := range c.rpcs() {
		if x.Go != "" && !x.EffectSet {
			c.report(x.Span, "rpc %q has no `effect`", x.Wire).
				WithHint("read may be repeated; write never by itself; order besides fails at once when not ready")
		}
	}
}

// orderNotExact reports orders that are guessed, or whose numbers could change on the way.
func orderNotExact(c *checker) {
	for x := range c.rpcs() {
		if x.Go == "" || x.Effect != ir.EffectOrder || !x.EffectSet {
			continue
		}
		for _, u := range []string{"request", "response"} {
			if slices.Contains(x.Unknown, u) {
				c.report(x.Span, "rpc %q has effect order and an unknown %s", x.Wire, u).
					WithHint("leave out `go`, or find out the %s", u)
			}
		}
		if x.Request != nil {
			c.inexact(x)
		}
	}
}

func (c *checker) inexact(x *ir.RPC) {
	reach(x.Request, func(f *ir.Field, t *ir.Type) {
		if t.Kind == ir.KindScalar && (t.Scalar == "float64" || t.Scalar == "json") {
			c.report(spanOf(f, x.Span), "order %q sends a %s", x.Wire, t.Scalar).WithHint("use decimal, or a type that says what it holds")
		}
	})
}

// replyUnmatched reports calls whose reply nothing ties to them.
func replyUnmatched(c *checker) {
	if slices.ContainsFunc(c.v.Wire.Classes, func(k *ir.Class) bool { return k.ID != "" }) {
		return
	}
	for x := range c.rpcs() {
		if x.Go != "" && x.Reply != ir.ReplyNone && (x.Response == nil || len(x.Response.On) == 0) {
			c.report(x.Span, "no frame carries an id, and nothing says which frame answers rpc %q", x.Wire).
				WithHint("give it `response.on`, or `reply: none`")
		}
	}
}

// requestFields checks that `per` names lists, and rules name fields that can be left out.
func requestFields(c *checker) {
	for x := range c.rpcs() {
		if x.Response == nil || x.Request == nil {
			continue
		}
		for _, name := range x.Response.Per {
			if f := fieldNamed(x.Request.Fields, name); f != nil && resolve.Base(f.Type).Kind != ir.KindList {
				c.report(x.Response.Span, "per names %q, which is no list: it has one reply anyway", name).WithRelated(f.Span, "the field")
			}
		}
	}
	for t := range c.types() {
		for _, r := range t.Rules {
			c.ruleFields(r)
		}
	}
}

func (c *checker) ruleFields(r *ir.Rule) {
	if len(r.Fields) < 2 {
		c.report(r.Span, "rule %s speaks of less than two fields", r.Kind)
	}
	for _, f := range r.Fields {
		if !f.Optional {
			c.report(r.Span, "rule %s names %q, which is always sent", r.Kind, f.Wire).
				WithHint("make the field optional").WithRelated(f.Span, "the field")
		}
	}
}

func fieldNamed(fs []*ir.Field, wire string) *ir.Field {
	i := slices.IndexFunc(fs, func(f *ir.Field) bool { return f.Wire == wire })
	if i < 0 {
		return nil
	}
	return fs[i]
}

func unknownListed(c *checker) {
	for e := range c.entries() {
		if e.Group != nil {
			continue // its rows have a version each
		}
		listed := slices.Contains(e.Unknown, "version")
		switch {
		case e.VersionUnknown && !listed:
			c.report(e.Span, "the version of %q is unknown and not listed", e.Wire).WithHint("add version to `unknown`")
		case listed && !e.VersionUnknown:
			c.report(e.Span, "`unknown` of %q lists the version, which is given", e.Wire).WithHint("say `version: unknown`, or take it from the list")
		}
	}
}
