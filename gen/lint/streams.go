package lint

import (
	"slices"
	"time"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

func demuxMissing(c *checker) {
	for s := range c.subscriptions() {
		if s.Go != "" && s.Route != nil && len(s.Route.Fields) > 0 && !s.DemuxSet {
			c.report(s.Span, "subscription %q has a route and no `demux`", s.Wire).
				WithHint("say which event member each route field equals, or `demux: none`")
		}
	}
}

// routeNotIdentified reports route fields by which events cannot be told apart. Without known events there is nothing
// to tell.
func routeNotIdentified(c *checker) {
	for s := range c.subscriptions() {
		if s.Go == "" || s.Route == nil || !s.DemuxSet || len(s.Events) == 0 || slices.Contains(s.Unknown, "demux") {
			continue
		}
		for _, f := range s.Route.Fields {
			covered := slices.ContainsFunc(s.Demux, func(d *ir.Demux) bool { return d.Field.Wire == f.Wire })
			if !covered && !f.Optional && f.Const == nil && f.Shared != "same" {
				c.report(f.Span, "route field %q of %s is in no event: two subscriptions that differ in it cannot be told apart", f.Wire, s.Wire).
					WithHint("add it to `demux`, say `shared: same`, or list it where nobody knows: `unknown: [demux]`")
			}
		}
	}
}

func ackUndecided(c *checker) {
	for s := range c.subscriptions() {
		if s.Go != "" && s.Ack == nil && !slices.Contains(s.Unknown, "event") {
			c.report(s.Span, "nothing says how subscription %q is confirmed", s.Wire).
				WithHint("give it `ack`, or the wire `acks.subscribe`; `ack: none` if nothing confirms it")
		}
	}
}

func cancelMissing(c *checker) {
	for s := range c.subscriptions() {
		if s.Go != "" && len(s.Cancel) == 0 && len(c.v.Wire.Unsubscribe) == 0 && !slices.Contains(s.Unknown, "cancel") {
			c.report(s.Span, "nothing says how subscription %q is cancelled", s.Wire).
				WithHint("give it `cancel`, or list it: `unknown: [cancel]`")
		}
	}
}

func lifetimeLate(c *checker) {
	for x := range c.rpcs() {
		c.lifetime(x.Lifetime)
	}
	for s := range c.subscriptions() {
		c.lifetime(s.Lifetime)
	}
}

func (c *checker) lifetime(l *ir.Lifetime) {
	if l == nil {
		return
	}
	ends, errEnds := time.ParseDuration(l.Ends)
	refresh, errRefresh := time.ParseDuration(l.Refresh)
	if errEnds == nil && errRefresh == nil && refresh >= ends {
		c.report(l.Span, "renewed after %s, but it ends after %s", l.Refresh, l.Ends).WithHint("renew before the end")
	}
	if len(l.By) == 0 && l.Call == nil {
		c.report(l.Span, "`by` names no step that renews it").WithHint("list `send`, `cancel`, `call`, or name an rpc: `{call: …}`")
	}
}

// limitCosts reports costs that nothing could be held to.
func limitCosts(c *checker) {
	for _, l := range c.v.Limits {
		if l.Cost == nil {
			continue
		}
		if _, err := time.ParseDuration(l.Per); err != nil {
			c.report(l.Span, "%s has a cost, but `per` is no duration", l.Name)
		}
		found := false
		for s := range c.subscriptions() {
			if s.Wire == l.Of {
				found = true
				c.costMember(l.Cost, s)
			}
		}
		if !found {
			c.report(l.Span, "%s has a cost, but `of` names no subscription", l.Name)
		}
	}
}

func (c *checker) costMember(cost *ir.Cost, s *ir.Subscription) {
	if cost.By == "" {
		return
	}
	for _, t := range []*ir.Type{s.Route, s.Params} {
		if t != nil && slices.ContainsFunc(t.Fields, func(f *ir.Field) bool { return f.Wire == cost.By }) {
			return
		}
	}
	c.report(cost.Span, "%s has no member %q in its route or params", s.Wire, cost.By)
}

// checksumExact reports checksums over values whose text is not kept.
func checksumExact(c *checker) {
	for ev := range c.events() {
		if ev.Checksum == nil {
			continue
		}
		for _, p := range ev.Checksum.Covers {
			if at, ok := resolve.FollowEvent(ev, p); ok && at.Type != nil {
				c.exact(ev, p, at.Type)
			}
		}
	}
}

func (c *checker) exact(ev *ir.Event, p ir.Path, t *ir.Type) {
	decimals := false
	reach(t, func(f *ir.Field, t *ir.Type) {
		decimals = decimals || t.Kind == ir.KindScalar && t.Scalar == "decimal"
		if t.Kind == ir.KindScalar && t.Scalar == "float64" {
			c.report(spanOf(f, ev.Checksum.Span), "the checksum of %s covers a float64, whose text is not kept", ev.Go).
				WithHint("use decimal").WithRelated(ev.Checksum.Span, "the checksum")
		}
	})
	if !decimals {
		c.report(ev.Checksum.Span, "the checksum of %s covers %q, which holds no decimal", ev.Go, p)
	}
}
