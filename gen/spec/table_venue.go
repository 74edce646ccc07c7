package spec

// provenance is allowed on everything that is named.
func provenance() []Key {
	return []Key{
		key("doc", "What it is, in one sentence; becomes documentation.", text("text")),
		key("note", "Why it is so, or what sources disagree about; shown by show and in the docs.", text("text")),
		key("source", "Where it comes from: the id of a source or id#place, or a list of them.",
			ref("source"), list(ref("source"))),
		key("confidence", "How well it is known.", word("captured", "documented", "inferred", "guessed")),
		key("deprecated", "Since when it is out of use and what to use instead.", section("deprecated")),
	}
}

func header() Key {
	return key("protogen", "Version of the spec language; the first key of every file.", word("1")).required()
}

func venueSections() []Section {
	return []Section{
		{Name: "venue", Doc: "venue.yaml: one wire and one Go package.", Keys: keys([]Key{
			header(),
			key("venue", "Id of the venue.", like("an id in lower case", `[a-z][a-z0-9_-]*`)).required(),
			key("package", "Go package path below the module.", like("a package path", packagePattern)).required(),
			key("doc", "What the venue is, in one sentence; becomes the package comment.", text("text")).required(),
			key("client", "Whether the package has a hand-written client, or protogen emits client and Dial; generated unless said.", word("generated", "handwritten")),
			key("sources", "Where the facts of these files come from.", each("id", "one source", section("source")).keys(namePattern)).required(),
			key("connections", "The classes of sockets; each becomes a client type.", each("name", "one class of socket", section("connection")).keys(namePattern)).required(),
			key("hosts", "The addresses.", each("name", "one address", section("host")).keys(namePattern)).required(),
			key("wire", "The form of all frames.", section("wire")).required(),
			key("errors", "How refusals look and what they mean.", section("errors")).required(),
			key("sessions", "Named login levels that entries may need.", each("name", "one login level", section("session")).keys(namePattern)).def("none"),
			key("liveness", "How a dead peer is noticed.", section("liveness")).required(),
			key("clock", "The event that tells the server's time.", section("clock")).def("none"),
			key("close", "What close codes and refused upgrades mean.", section("close")).def("retry"),
			key("limits", "What the venue allows, as facts.", each("name", "one limit", section("limit"))).def("none"),
			key("delivery", "Queue of events where nothing else is said.", section("delivery")).def("drop-oldest, 1024"),
			key("naming", "How Go names are made.", section("naming")).def("house list"),
		})},
		{Name: "source", Doc: "Where facts come from.", Keys: []Key{
			key("kind", "What kind of source it is.", word("capture", "third-party-capture", "official-doc", "official-code",
				"third-party-code", "third-party-doc", "field-report")).required(),
			key("title", "What it is called.", text("text")).required(),
			key("seen", "The day it was read or captured.", date()).required(),
			key("weight", "authority: the reference whose rows must all exist.", word("authority")),
			key("url", "Where it can be read.", text("an address")),
			key("note", "What to know about it.", text("text")),
		}},
		{Name: "connection", Doc: "One class of socket.", Keys: keys([]Key{
			key("path", "Path of the URL, a pattern.", pattern()),
			key("vars", "The closed values of the holes of path.", each("hole", "the values of one hole", list(name()))),
			key("token", "Whether frames on it may carry the token.", boolean()).def("false"),
		}, provenance())},
		{Name: "host", Doc: "One address.", Keys: keys([]Key{
			key("url", "The URL, a pattern; its holes are given by the user.", like("a ws or wss URL", `wss?://\S+`)).required(),
			key("also", "Other spellings of the address.", list(like("a ws or wss URL", `wss?://\S+`))),
			key("serves", "Which connections it serves.", list(ref("connection"))).def("all"),
			key("tls", "self-signed: the certificate cannot be verified.", word("self-signed")),
			key("unverified", "Whether nobody has seen it answer.", boolean()).def("false"),
		}, provenance())},
		{Name: "session", Doc: "A login level.", Keys: provenance()},
		{Name: "liveness", Doc: "How a dead peer is noticed: by events that come anyway, by a ping, or both.", Keys: keys([]Key{
			key("events", "Events of which one must come before the deadline.", list(ref("event"))),
			key("ping", "frame (a WebSocket ping) or the rpc to call.", ref("rpc")),
			key("every", "How often to ping.", duration()),
			key("deadline", "How long silence may last.", duration()).required(),
		}, provenance()), Choices: []Choice{{Keys: []string{"events", "ping"}, AtLeast: true}}},
		{Name: "clock", Doc: "The event that tells the server's time.", Keys: keys([]Key{
			key("event", "The event.", ref("event")).required(),
			key("at", "Path of the time in it.", memberPath()).required(),
		}, provenance())},
		{Name: "close", Doc: "What close codes and refused upgrades mean.", Keys: []Key{
			key("default", "Class of every other code.", closeClass()).def("retry"),
			key("codes", "Class of a close code.", each("close code", "one code", closeClass(), section("close code")).numbers()),
			key("upgrade", "Class of an HTTP status of a refused upgrade.", each("HTTP status", "one status", closeClass(), section("close code")).numbers()),
		}},
		{Name: "close code", Doc: "The class of a code, with its wait.", Keys: keys([]Key{
			key("class", "What to do.", closeClass()).required(),
			key("wait", "How long to wait at least.", duration()),
		}, provenance())},
		{Name: "limit", Doc: "What the venue allows.", Keys: keys([]Key{
			key("n", "How many.", integer()).required(),
			key("per", "In what time, or for each value of what.", text("a duration or a name")),
			key("of", "Of what: an entry, connection, or free text.", text("a name")),
			key("scope", "Who shares it: ip, key, login …", text("a name")),
			key("unit", "Unit of n.", text("a unit in words")),
			key("cost", "What an item of the subscription `of` takes of n; subscribes are spread over time then.", integer(), section("cost")),
		}, provenance())},
		{Name: "cost", Doc: "What an item takes, by the value of one of its members.", Keys: []Key{
			key("by", "The member of the route or params that decides.", text("a member")).required(),
			key("of", "What an item takes.", each("value", "whose items take", integer())).required(),
			key("else", "What all others take.", integer()).required(),
		}},
		{Name: "delivery", Doc: "The queue between the socket and a consumer.", Keys: []Key{
			key("overflow", "What happens when it is full.", word("drop-oldest", "drop-newest", "conflate", "block", "fail")),
			key("by", "conflate: the members of which the latest event is kept for each value.", paths()...),
			key("buffer", "How many events it holds.", integer()),
		}},
		{Name: "naming", Doc: "How Go names are made from wire names.", Keys: []Key{
			key("initialisms", "Words that keep their capitals, such as ID and VWAP.", list(text("a word"))),
		}},
		{Name: "deprecated", Doc: "Out of use.", Keys: []Key{
			key("since", "Since when.", since()),
			key("use", "What to use instead.", text("a name")),
		}},
	}
}

func closeClass() Shape { return word("retry", "cool-down", "permanent") }
