package spec

const partialDoc = "All members are optional: mask keeps presence bits, sparse a short list of what came."

func typeSections() []Section {
	return []Section{
		{Name: "type", Doc: "A named type; is, union, items or text decide what it is, else it is a struct.",
			Cases: []string{"alias", "union", "tuple", "text type", "struct"}},
		{Name: "alias", Case: "is", Doc: "Another name for a type; attributes of a field win over those of its alias.", Keys: keys([]Key{
			key("is", "The type it stands for.", typeExpr()).required(),
		}, codingKeys(), []Key{nullAs(), accept(), unit()}, provenance())},
		{Name: "struct", Case: "fields", Doc: "A JSON object with known members.", Keys: keys([]Key{
			key("fields", "Its members.", fieldsOf("field")).required(),
			key("rules", "Conditions on its members, checked before sending; they travel with a spread.", list(section("rule"))),
			key("partial", partialDoc, word("mask", "sparse")),
		}, provenance())},
		{Name: "tuple", Case: "items", Doc: "A JSON array with a meaning for each place.", Keys: keys([]Key{
			key("items", "Its places in order.", list(section("item"))).required(),
			key("rest", "Extra elements: kept raw, or refused.", word("allow", "reject")).def("allow"),
		}, provenance())},
		{Name: "text type", Case: "text", Doc: "A text that holds several values.", Keys: keys([]Key{
			key("text", "The pattern, or patterns of which the first that fits is taken.", pattern(), list(pattern())).required(),
			key("fields", "The holes of the pattern.", fieldsOf("field")).required(),
			key("wire", "flex: a bare number counts as its text.", word("flex")),
			nullAs(),
		}, provenance())},
		{Name: "union", Case: "union", Doc: "One of several types, told apart by what is there.", Keys: keys([]Key{
			key("union", "The variants; the first that holds is taken.", list(section("variant"))).required(),
		}, provenance())},
		{Name: "variant", Doc: "One type of a union and what tells it.", Keys: []Key{
			key("type", "The type.", typeExpr()).required(),
			key("go", "Go name of the variant.", goName()).def("from the type"),
			key("at", "Member that holds the value.", memberPath()),
			key("json", "JSON kind of the value.", word("object", "array", "string", "number", "bool", "null")),
			key("is", "The value itself equals this text.", text("text")),
			key("has", "Members that are there.", paths()...),
			key("lacks", "Members that are not there.", paths()...),
			key("doc", "What it is.", text("text")),
			key("source", "Where it comes from.", ref("source"), list(ref("source"))),
			key("confidence", "How well it is known.", word("captured", "documented", "inferred", "guessed")),
		}, Free: &Free{Noun: "member path", Doc: "equals this value, or any of a list", Pattern: `\S+`,
			Values: []Shape{literal(), list(literal())}}},
		{Name: "enum", Doc: "A list of known values; an unknown one is kept and counted.", Keys: keys([]Key{
			key("type", "How values are written.", word("string", "int")).required(),
			key("values", "Go name to wire value.", each("Go name", "the wire value", literal(), section("enum value")).keys(`[A-Za-z0-9_]+`)).required(),
			key("closed", "Whether a request with another value fails before it is sent.", boolean()).def("false"),
			unit(),
		}, provenance())},
		{Name: "enum value", Doc: "A wire value with its meaning.", Keys: keys([]Key{
			key("wire", "The value on the wire.", literal()).required(),
		}, provenance())},
		{Name: "field", Doc: "A member of a struct, a body or an envelope, or a hole of a text.", Keys: keys([]Key{
			key("type", "Its type.", typeExpr()).required(),
		}, fieldKeys(), provenance())},
		{Name: "member", Doc: "A member beside the payload; without a type it has that of the frame class.", Keys: keys([]Key{
			key("type", "Its type.", typeExpr()).def("frame class"),
		}, fieldKeys(), provenance())},
		{Name: "selector", Doc: "A field of route or params.", Keys: keys([]Key{
			key("type", "Its type.", typeExpr()).required(),
			key("batch", "One frame carries many values: array, or joined by a separator.", text("array or a separator"), section("batch")),
			key("wildcard", "The text that means all.", text("text")),
			key("shared", "union: subscribers of one route get the union; same: they must agree.", word("union", "same")),
		}, fieldKeys(), provenance())},
		{Name: "batch", Doc: "How one frame carries many values.", Keys: []Key{
			key("sep", "The separator; none: a JSON list.", text("a separator")),
			key("max_items", "How many at most.", integer()),
		}},
		{Name: "item", Doc: "A place of a tuple.", Keys: keys([]Key{
			key("name", "What it is called; becomes the Go name.", text("a name")).required(),
			key("type", "Its type.", typeExpr()).required(),
		}, fieldKeys(), provenance())},
	}
}

// fieldKeys are those of every kind of field, beside type and provenance.
func fieldKeys() []Key {
	return keys([]Key{
		key("go", "Go name.", goName()).def("from the wire name"),
		unit(),
		key("optional", "Whether it may be absent.", boolean()).def("false"),
		key("nullable", "Whether it may be null.", boolean()).def("false"),
		nullAs(), accept(),
		key("also", "Other wire names read for this member; the key is the one written.", list(text("a wire name"))),
		key("default", "What is sent when the caller leaves it out.", literal(), list(literal())),
		key("const", "What is always sent; not settable.", literal(), list(literal())),
		key("chars", "Text types: the characters the hole may take.", text("characters")),
		key("sensitive", "Whether it is kept out of logs, errors and recordings; false silences the suspicion.", boolean()).def("false"),
	}, codingKeys())
}

// codingKeys say how a value is written; aliases and fields have them.
func codingKeys() []Key {
	return []Key{
		key("wire", "Encoding: number (0 and 1 for bool), string (quoted), flex (either), human (1.3K, 2 %).",
			word("number", "string", "flex", "human")),
		key("sep", "A list as one text joined by this; \"\" is one character each.", text("a separator")),
		key("layout", "Of time.layout: the Go reference time.", text("a layout in quotes")),
		key("precision", "Of written times.", word("s", "ms", "us", "ns")),
		key("unique", "Text that hardly ever recurs, such as an id: not kept in the table of texts that do.", boolean()).def("false"),
	}
}

func nullAs() Key {
	return key("null_as", "JSON literals that mean null; the first is written.", list(literal()))
}

func accept() Key {
	return key("accept", "Tolerance when reading: single (one element for a list), empty-array ([] for an empty map or struct).",
		list(word("single", "empty-array")))
}

func unit() Key {
	return key("unit", "Unit in words.", text("a unit in words"))
}
