package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// topicName is the field that holds a subscription's topic.
func topicName(goName string) string { return lowerFirst(goName) + "Topic" }

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
