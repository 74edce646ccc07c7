package coverage

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// shapeless are the unknowns that keep a row at named.
var shapeless = []string{"request", "response", "event", "shape"}

func missesShape(unknown []string) bool {
	return slices.ContainsFunc(unknown, func(s string) bool { return slices.Contains(shapeless, s) })
}

// hasShape reports whether a payload is described: bare JSON is kept, but nothing is known of it.
func hasShape(t *ir.Type) bool {
	for t != nil && t.Kind == ir.KindAlias {
		t = t.Elem
	}
	return t != nil && (t.Kind != ir.KindScalar || t.Scalar != "json")
}

// RPCLevel returns the level of one version of a call.
func RPCLevel(r *ir.RPC) Level {
	switch {
	case r.Skip != "" && r.Go == "":
		return Skipped
	case r.Group != nil || missesShape(r.Unknown) || !replyTyped(r):
		return Named
	}
	return proven(r.Prov, examplesOf(r), func(ex *ir.Example) bool {
		return r.Reply != ir.ReplyData || receives(ex)
	})
}

// replyTyped reports whether the shape of the reply is known, or there is none to know.
func replyTyped(r *ir.RPC) bool {
	if r.Reply != ir.ReplyData {
		return true
	}
	return r.Response != nil && (r.Response.ItemNone || hasShape(r.Response.Type))
}

// examplesOf leaves out the examples of other versions.
func examplesOf(r *ir.RPC) []*ir.Example {
	var out []*ir.Example
	for _, ex := range r.Examples {
		if ex.Version == "" || ex.Version == r.SentVersion() {
			out = append(out, ex)
		}
	}
	return out
}

// RowLevel returns the level of a row of calls, which is that of its best version.
func RowLevel(versions []*ir.RPC) Level {
	best := Skipped
	for _, r := range versions {
		best = max(best, RPCLevel(r))
	}
	return best
}

// SubscriptionLevel returns the level of a stream: it is typed when all of its events are, and an example of one of
// its events counts as its own.
func SubscriptionLevel(s *ir.Subscription) Level {
	switch {
	case s.Skip != "" && s.Go == "":
		return Skipped
	case s.Group != nil || missesShape(s.Unknown) || len(s.Events) == 0:
		return Named
	}
	for _, e := range s.Events {
		if !eventTyped(e) {
			return Named
		}
	}
	best := proven(s.Prov, s.Examples, receives)
	for _, e := range s.Events {
		best = max(best, min(EventLevel(e), ceiling(s.Prov)))
	}
	return best
}

// EventLevel returns the level of a kind of pushed message.
func EventLevel(e *ir.Event) Level {
	if !eventTyped(e) {
		return Named
	}
	return proven(e.Prov, e.Examples, receives)
}

func eventTyped(e *ir.Event) bool {
	payload := e.Payload
	if payload == nil {
		payload = e.Type
	}
	return !missesShape(e.Unknown) && hasShape(payload)
}

// proven returns the level that examples give to something typed. Only examples with a source that fits count.
func proven(p ir.Provenance, examples []*ir.Example, fits func(*ir.Example) bool) Level {
	best := Typed
	for _, ex := range examples {
		switch {
		case len(ex.Source) == 0 || !fits(ex):
		case ex.Kind == "captured":
			best = Verified
		default:
			best = max(best, Exampled)
		}
	}
	return min(best, ceiling(p))
}

// ceiling is the best level for a confidence: what was guessed or inferred is not verified by a frame that happens
// to fit.
func ceiling(p ir.Provenance) Level {
	if p.Confidence == ir.Guessed || p.Confidence == ir.Inferred {
		return Exampled
	}
	return Verified
}

func receives(ex *ir.Example) bool {
	return slices.ContainsFunc(ex.Steps, func(s ir.Step) bool { return !s.Send })
}
