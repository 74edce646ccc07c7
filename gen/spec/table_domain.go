package spec

func domainSections() []Section {
	return []Section{
		{Name: "domain", Doc: "A domain file: entries, events and types that belong together.", Keys: []Key{
			header(),
			key("domain", "Id of the domain, unique in the venue.", like("an id in lower case", `[a-z][a-z0-9_]*`)).required(),
			key("doc", "What it is about.", text("text")),
			key("note", "What to know about it.", text("text")),
			key("connections", "Where its entries can be used.", list(ref("connection"))).def("all"),
			key("tags", "Tags of its entries, for coverage.", list(name())).def("none"),
			key("rpcs", "Calls.", each("wire name", "one call", section("rpc"))),
			key("subscriptions", "Streams that are asked for.", each("wire name", "one stream", section("subscription"))),
			key("events", "Messages that the venue sends.", each("Go name", "one message", section("event")).keys(goNamePattern)),
			key("types", "Types, shared by the venue.", each("Go name", "one type", section("type")).keys(goNamePattern)),
			key("enums", "Enums, shared by the venue.", each("Go name", "one enum", section("enum")).keys(goNamePattern)),
		}},
		{Name: "rpc", Doc: "A call.", Keys: keys([]Key{
			key("go", "Name of the method.", goName()).unless("skip", "group", "versions"),
		}, entryKeys(), []Key{
			key("versions", "Keys that replace those of the entry in one version: one catalogue row, a method each.", each("version", "one version", section("version"))),
			key("group", "The row stands for several unnamed ones.", section("group")),
		}, callKeys(), []Key{
			key("effect", effectDoc, effect()).later("skip", "group"),
			key("lifetime", "What it grants ends by itself.", section("lifetime")).def("none"),
		}, provenance())},
		{Name: "version", Doc: "What differs in one version of an rpc.", Keys: keys([]Key{
			key("go", "Name of the method.", goName()),
		}, callKeys(), []Key{
			key("effect", effectDoc, effect()),
			key("needs", "What must be there before.", section("needs")),
			key("unknown", unknownDoc, list(unknownWords())),
			key("skip", "Why it has no method.", text("a reason")),
			key("examples", "Sourced frames.", list(section("example"))),
		}, provenance())},
		{Name: "response", Doc: "The reply of a call.", Keys: keys([]Key{
			key("name", "Wire name of the reply; asserted, never used to tell replies apart.", text("a wire name")),
			key("frame", "Frame class of the reply.", ref("frame class")),
			key("on", "The reply may come without an id: then the oldest waiting call takes what this matches.", matches()...),
			key("ok", "Holds when it was accepted, besides errors.ok.", matches()...),
			key("refused", "Holds when it was refused, besides errors.refused.", matches()...),
			key("error", "Path of the error text.", memberPath()),
			key("per", "One reply for each element of these request lists.", paths()...),
			key("item", "Where a reply says which element it is about; none: replies are only counted.",
				word("none"), list(memberPath())),
			key("at", "Path of the payload, instead of that of the class; \"\" is the frame itself.", memberPath()),
			key("type", "Type of the payload.", typeExpr()),
			key("fields", "Members of the payload.", fieldsOf("field")),
			key("envelope", "Members beside the payload that are returned.", fieldsOf("member")),
			key("optional", "Whether the payload may be absent.", boolean()).def("false"),
		}, provenance()), Choices: []Choice{{Keys: []string{"type", "fields"}, AtMost: true}}},
		{Name: "rule", Doc: "A condition on request fields, checked before sending.", Keys: []Key{
			key("one_of", "Exactly one of these is set.", list(memberPath())),
			key("at_most_one_of", "None or one of these is set.", list(memberPath())),
			key("together", "All of these are set, or none.", list(memberPath())),
		}, Choices: []Choice{{Keys: []string{"one_of", "at_most_one_of", "together"}, AtLeast: true, AtMost: true}}},
		{Name: "needs", Doc: "What must be there before an entry works.", Keys: []Key{
			key("session", "The login level.", ref("session")),
			key("call", "A call made before, and again when this is repeated.", ref("rpc")),
			key("with", "Params handed to the call.", list(memberPath())),
		}, Choices: []Choice{{Keys: []string{"session", "call"}, AtLeast: true}}},
		{Name: "lifetime", Doc: "When something ends by itself and how it is kept alive.", Keys: keys([]Key{
			key("ends", "Age at which it ends.", duration()),
			key("ends_at", "Path of the end: seconds or a time.", memberPath()),
			key("refresh", "Age at which it is renewed.", duration()).def("80 % of its life"),
			key("by", "What renews it: steps in order, or a call.", list(word("send", "cancel", "call")), section("lifetime call")),
			key("silent", "Whether the venue does not say that it ended.", boolean()).def("false"),
		}, provenance()), Choices: []Choice{{Keys: []string{"ends", "ends_at"}, AtLeast: true}}},
		{Name: "lifetime call", Doc: "Renewal by another rpc.", Keys: []Key{
			key("call", "The rpc.", ref("rpc")).required(),
		}},
		{Name: "group", Doc: "A catalogue row that stands for several.", Keys: []Key{
			key("rows", "How many it stands for.", integer()).required(),
			key("known", "Those whose names are known.", list(text("a wire name"))),
		}},
		{Name: "example", Doc: "Sourced frames; they become tests, fuzz seeds and scripts of the fake venue.", Keys: []Key{
			key("name", "Id, unique in the entry.", like("a name", `[A-Za-z0-9][A-Za-z0-9_-]*`)).required(),
			key("kind", "How true it is to the wire.", word("captured", "documented", "reconstructed", "abridged")).required(),
			key("source", "Where it comes from.", ref("source"), list(ref("source"))).required(),
			key("version", "The version it belongs to.", version()),
			key("doc", "What it shows.", text("text")),
			key("note", "What to know about it.", text("text")),
			key("steps", "The frames in order.", list(section("step"))).required(),
		}},
		{Name: "step", Doc: "One frame of an example.", Keys: []Key{
			key("send", "The raw text of a frame of the client.", text("a raw frame in quotes")),
			key("recv", "The raw text of a frame of the venue.", text("a raw frame in quotes")),
		}, Choices: []Choice{{Keys: []string{"send", "recv"}, AtLeast: true, AtMost: true}}},
	}
}

const (
	effectDoc  = "read may be repeated; write never by itself; order besides fails at once when the connection is not ready."
	unknownDoc = "What nobody knows."
)

func effect() Shape { return word("read", "write", "order") }

func unknownWords() Shape {
	return word("version", "request", "response", "response.name", "event", "demux", "cancel", "shape")
}

// entryKeys are those that rpcs and subscriptions share.
func entryKeys() []Key {
	return []Key{
		key("connections", "Where it can be used.", list(ref("connection"))).def("domain"),
		key("version", "For <version>; unknown when nobody knows it.", version()),
		key("candidates", "Versions that others than the authority prove; the first is sent.", list(version())).def("none"),
		key("family", "The entry stands for each value of a hole in its names.",
			each("hole", "the values of one hole", each("value", "its word in Go names", like("a Go word", `[A-Za-z0-9]+`)))),
		key("needs", "What must be there before.", section("needs")),
		key("unknown", unknownDoc, list(unknownWords())),
		key("skip", "Why it has no method; the row stays.", text("a reason")),
		key("tags", "For coverage.", list(name())).def("domain"),
		key("priority", "For coverage.", word("high", "medium", "low", "skip")),
		key("examples", "Sourced frames.", list(section("example"))),
	}
}

// callKeys are those that an rpc and one of its versions share.
func callKeys() []Key {
	return []Key{
		key("send", "The frame, instead of wire.send.call.", template()),
		key("request", "Members of the body; none: no body.", fieldsOf("field")),
		key("rules", "Conditions on the request, checked before sending.", list(section("rule"))),
		key("reply", "What ends the call: the data frame, the ack, or writing.", word("data", "ack", "none")).def("data"),
		key("ack", "none: this call has no ack although the wire has.", word("none")).def("wire"),
		key("response", "The reply.", section("response")),
	}
}
