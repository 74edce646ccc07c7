package lint

import "github.com/venuewire/venuewire/gen/diag"

// formRules are those of reading.
func formRules() []Rule {
	return []Rule{
		{ID: "YAML_FORM", Category: Form, Purpose: "parses, one document, not empty, no anchors, aliases, tags or merge keys"},
		{ID: "DUPLICATE_KEY", Category: Form, Purpose: "a name twice in one map, spreads included"},
		{ID: "UNKNOWN_KEY", Category: Form, Purpose: "a key that the section does not have"},
		{ID: "UNKNOWN_WORD", Category: Form, Purpose: "a word outside a closed list"},
		{ID: "WRONG_KIND", Category: Form, Purpose: "a scalar, list or map where another is wanted"},
		{ID: "MISSING_KEY", Category: Form, Purpose: "a required key; `frame` where several classes fit"},
		{ID: "EXCLUSIVE_KEYS", Category: Form, Purpose: "two keys of which a section takes one"},
		{ID: "SCALAR_QUOTED", Category: Form, Purpose: "text that YAML reads as a number, bool or null"},
		{ID: "DIALECT_KEY", Category: Form, Purpose: "a key that the dialect does not use, or the lack of one that it needs", check: dialectKeys},
	}
}

func referenceRules() []Rule {
	return []Rule{
		{ID: "UNRESOLVED_REF", Category: References, Purpose: "a type, event, rpc, frame class, connection, host, session or source that does not exist", check: sourceRefs},
		{ID: "PATH_UNRESOLVED", Category: References, Purpose: "a path that names no field", check: nil},
	}
}

func nameRules() []Rule {
	return []Rule{
		{ID: "NAME_TWICE", Category: Names, Purpose: "one type or event name in two files; one wire name twice on a connection", check: namesTwice},
		{ID: "GO_NAME_COLLISION", Category: Names, Purpose: "two fields, methods, types, values or errors with one Go name, or a reserved one", check: goNames},
		{ID: "CASE_COLLISION", Category: Names, Purpose: "members that differ by case alone without a `go` each", check: caseCollisions},
		{ID: "ENUM_VALUE_TWICE", Category: Names, Purpose: "one wire value under two names", check: enumValuesTwice},
	}
}

func frameRules() []Rule {
	return []Rule{
		{ID: "FRAME_OVERLAP", Category: Frames, Purpose: "two classes can take one frame", check: frameOverlap},
		{ID: "LAYOUT_AMBIGUOUS", Category: Frames, Purpose: "two layouts admit one element count; two repeats; an optional in the middle", check: layouts},
		{ID: "ON_COLLISION", Category: Frames, Purpose: "two events of one connection can take one frame", check: onCollisions},
		{ID: "ON_NOT_KEYED", Category: Frames, Purpose: "a match that tests neither a key member nor presence", check: onNotKeyed},
	}
}

func patternRules() []Rule {
	return []Rule{
		{ID: "PATTERN_ADJACENT", Category: Patterns, Purpose: "two holes with nothing between them", check: patternAdjacent},
		{ID: "PATTERN_HOLE", Category: Patterns, Purpose: "a hole without field, a text field without hole", check: patternHoles},
		{ID: "PATTERN_SHADOWED", Category: Patterns, Purpose: "an alternative or error text that an earlier or equal one always takes", check: patternShadowed},
	}
}

func templateRules() []Rule {
	return []Rule{
		{ID: "TEMPLATE_HOLE", Category: Templates, Purpose: "a hole that no entry of this template declares; a batched field without a leaf of its own", check: templateHoles},
		{ID: "TEMPLATE_FIELD_UNUSED", Category: Templates, Purpose: "a declared field that no frame carries", check: templateFieldsUnused},
	}
}

func streamRules() []Rule {
	return []Rule{
		{ID: "DEMUX_MISSING", Category: Streams, Purpose: "a route without `demux`", check: demuxMissing},
		{ID: "ROUTE_NOT_IDENTIFIED", Category: Streams, Purpose: "a required route field that neither demux nor `shared: same` covers", check: routeNotIdentified},
		{ID: "ACK_UNDECIDED", Category: Streams, Purpose: "a subscription for which nothing says how it is confirmed", check: ackUndecided},
		{ID: "CANCEL_MISSING", Category: Streams, Purpose: "no way to cancel and not listed as unknown", check: cancelMissing},
		{ID: "LIFETIME_LATE", Category: Streams, Purpose: "refresh not before the end; `by` names no step", check: lifetimeLate},
		{ID: "LIMIT_COST", Category: Streams, Purpose: "a cost in a limit that is not `n` items of a subscription per duration, or by a member that it does not have", check: limitCosts},
		{ID: "CHECKSUM_EXACT", Category: Streams, Purpose: "a checksum over something other than decimals", check: checksumExact},
	}
}

func callRules() []Rule {
	return []Rule{
		{ID: "NEEDS_CYCLE", Category: Calls, Purpose: "calls that need each other", check: needsCycle},
		{ID: "EFFECT_MISSING", Category: Calls, Purpose: "an rpc without effect", check: effectMissing},
		{ID: "ORDER_NOT_EXACT", Category: Calls, Purpose: "effect order with unknown request or response, or with float64 or json in the request", check: orderNotExact},
		{ID: "REPLY_UNMATCHED", Category: Calls, Purpose: "a wire without ids and an rpc without `response.on` or `reply: none`", check: replyUnmatched},
		{ID: "REQUEST_FIELD", Category: Calls, Purpose: "`per` or a rule that names no fitting request field", check: requestFields},
		{ID: "UNKNOWN_LISTED", Category: Calls, Purpose: "`version: unknown` and `unknown: [version]` go together", check: unknownListed},
	}
}

func typeRules() []Rule {
	return []Rule{
		{ID: "TYPE_CYCLE", Category: Types, Purpose: "a struct that contains itself by value", check: typeCycles},
		{ID: "UNUSED_TYPE", Category: Types, Purpose: "a type that nothing refers to", Severity: diag.Warning, check: unusedTypes},
		{ID: "WIRE_NOT_FOR_TYPE", Category: Types, Purpose: "an encoding or tolerance that does not suit the type", check: codings},
		{ID: "INBOUND_ONLY", Category: Types, Purpose: "`human` or `accept` in a request", check: inboundOnly},
		{ID: "NULL_AS_VALUE", Category: Types, Purpose: "a null literal that is also an enum value", check: nullAsValue},
		{ID: "UNION_REACH", Category: Types, Purpose: "a variant that an earlier one always takes; an open union without a last `json`", check: unionReach},
		{ID: "TUPLE_ORDER", Category: Types, Purpose: "a required item after an optional one", check: tupleOrder},
	}
}

func exampleRules() []Rule {
	return []Rule{
		{ID: "HOT_EXAMPLE", Category: Examples, Purpose: "hot without an example; `has` in its match; `ordered` against the order of its first example", check: hotExamples},
		{ID: "EXAMPLE_FAILS", Category: Examples, Purpose: "a step that does not fit or decode"},
		{ID: "EXAMPLE_SECRET", Category: Examples, Purpose: "a sensitive value that is not redacted"},
		{ID: "TIME_UNIT", Category: Examples, Purpose: "an example whose digits do not suit the unit", Severity: diag.Warning},
	}
}

func provenanceRules() []Rule {
	return []Rule{
		{ID: "SENSITIVE_SUSPECT", Category: Provenance, Purpose: "a text member called token, ssid, session, password or secret without `sensitive`", Severity: diag.Warning, check: sensitiveSuspects},
		{ID: "SOURCE_MISSING", Category: Provenance, Purpose: "an entry or event without source", Severity: diag.Warning, check: sourceMissing},
		{ID: "CONFIDENCE_CLAIM", Category: Provenance, Purpose: "`captured` without a captured example", Severity: diag.Warning, check: confidenceClaims},
		{ID: "SKIP_TRADING", Category: Provenance, Purpose: "a skipped row with the tag trading", Severity: diag.Warning, check: skipTrading},
	}
}
