package spec

func streamSections() []Section {
	return []Section{
		{Name: "subscription", Doc: "A stream that is asked for.", Keys: keys([]Key{
			key("go", "Name of the method, after Subscribe.", goName()).unless("skip"),
		}, entryKeys(), []Key{
			key("hosts", "The only hosts that have it.", list(ref("host"))).def("all"),
			key("route", "What makes two subscriptions different; sent with subscribe and cancel.", fieldsOf("selector")).def("none"),
			key("params", "Sent with subscribe only.", fieldsOf("selector")).def("none"),
			key("send", "The frame that subscribes, instead of that of the wire.", template()).def("wire"),
			key("cancel", "The frame that cancels, instead of that of the wire.", template()).def("wire"),
			key("event", "What it delivers.", ref("event")).unless("events", "skip", "unknown"),
			key("events", "What it delivers, when several.", list(ref("event"))),
			key("demux", "How events find their subscription: route field to path in the event, names where both agree, or none.",
				word("none"), list(memberPath()), each("route field", "path in the event, or paths of which one must agree", paths()...)),
			key("ack", "How the subscribe is confirmed.", word("reply", "first-event", "none"), section("ack")).def("wire"),
			key("cancel_ack", "How the cancel is confirmed.", word("reply", "first-event", "none"), section("ack")).def("wire"),
			key("learn", "Values that only the answer holds, for use in cancel.", each("name", "path in the ack or event", memberPath())),
			key("lifetime", "It ends by itself.", section("lifetime")).def("none"),
			key("delivery", "Its queue.", section("delivery")).def("venue"),
		}, provenance()), Choices: []Choice{{Keys: []string{"event", "events"}, AtMost: true}}},
		{Name: "event", Doc: "A message that the venue sends.", Keys: keys([]Key{
			key("on", "The frames that are this message.", matches()...).required(),
			key("frame", "Frame class it comes in.", ref("frame class")).def("the only keyed class, or push"),
			key("connections", "Where it can come.", list(ref("connection"))).def("domain"),
			key("at", "Path of the payload, instead of that of the class.", memberPath()).def("class"),
			key("type", "Type of the payload.", typeExpr()),
			key("fields", "Members of the payload.", fieldsOf("field")),
			key("envelope", "Members beside the payload, elements of the layout and holes of on that become fields.", fieldsOf("member")).def("none"),
			key("partial", partialDoc, word("mask", "sparse")),
			key("snapshot", "true, or what tells a snapshot from an update.",
				boolean(), section("match"), list(section("match"))).def("none"),
			key("merge", "How partial updates add up.", section("merge")).def("none"),
			key("sequence", "A counter within one subscription; a hole is a gap.", section("sequence")).def("none"),
			key("checksum", "Where a checksum is and what it covers.", section("checksum")).def("none"),
			key("delivery", "Queue, when nobody asked for it.", section("delivery")).def("venue"),
			key("hot", "true: decoded without allocation; ordered: besides, the declared order of members is tried first.",
				boolean(), word("ordered")).def("false"),
			key("unknown", unknownDoc, list(unknownWords())),
			key("examples", "Sourced frames.", list(section("example"))),
		}, provenance()), Choices: []Choice{{Keys: []string{"type", "fields"}, AtLeast: true, AtMost: true}}},
		{Name: "merge", Doc: "How partial updates add up to records.", Keys: []Key{
			key("rows", "Path of the list of records.", memberPath()).def("the payload"),
			key("by", "What tells records apart; [] is one record for the connection.", paths()...).required(),
			key("version", "Path of a counter; what is not newer is dropped.", memberPath()),
		}},
		{Name: "sequence", Doc: "A counter within one subscription.", Keys: []Key{
			key("at", "Path of the counter.", memberPath()).required(),
			key("first", "Its first value.", integer()),
			key("step", "How much it rises each time.", integer()).def("1"),
		}},
		{Name: "checksum", Doc: "A checksum over what was received.", Keys: []Key{
			key("at", "Path of the checksum.", memberPath()).required(),
			key("covers", "Paths of what it is taken over.", list(memberPath())).required(),
			key("verifier", "Name of the hand-written function that checks it.", name()).required(),
		}},
	}
}
