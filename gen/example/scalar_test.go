package example_test

import "testing"

func TestScalars(t *testing.T) {
	t.Parallel()
	for typ, rows := range map[string][]row{
		"{type: int}": {
			{"plain", "12", ""}, {"integral fraction", "12.0", ""}, {"exponent", "8.652169e+06", ""}, {"negative zero", "-0", ""},
			{"fraction", "1.5", "no whole number"}, {"overflow", "9223372036854775808", "out of range"}, {"huge", "1e999999999", "out of range"}, {"text", `"1"`, "is a string, not a number"},
			{"null", "null", "is null"},
		},
		"{type: uint32}":                                    {{"negative", "-1", "out of range"}, {"most", "4294967295", ""}},
		"{type: decimal, wire: string}":                     {{"quoted", `"1.50"`, ""}, {"plain", "1.5", "in encoding string"}, {"word", `"a"`, "is no number"}},
		"{type: decimal, wire: flex}":                       {{"quoted", `"1.50"`, ""}, {"plain", "1.5", ""}, {"bool", "true", "not a number"}},
		"{type: decimal, wire: human}":                      {{"groups", `"1,300"`, ""}, {"suffix", `"24.2M"`, ""}, {"percent", `"-31.4%"`, ""}, {"number", "0.5", ""}, {"word", `"abc"`, "is no number"}},
		`{type: decimal, null_as: [""]}`:                    {{"means null", `""`, ""}, {"null", "null", ""}, {"another text", `"x"`, "is a string"}},
		"{type: bool}":                                      {{"true", "true", ""}, {"number", "1", "not a bool"}},
		"{type: bool, wire: number}":                        {{"one", "1", ""}, {"two", "2", "not a bool"}, {"bool", "true", "not a bool"}},
		"{type: bool, wire: string}":                        {{"digit", `"0"`, ""}, {"word", `"true"`, ""}, {"bool", "true", "not a bool"}},
		"{type: bool, wire: flex}":                          {{"digit", "1", ""}, {"word", `"false"`, ""}, {"else", `"no"`, "not a bool"}},
		"{type: string}":                                    {{"text", `"a\u00e9"`, ""}, {"number", "1", "not a text"}},
		"{type: string, wire: flex}":                        {{"number", "1", ""}, {"bool", "true", "not a text"}},
		"{type: json}":                                      {{"anything", `{"a":[1,null]}`, ""}, {"null", "null", ""}},
		"{type: time.rfc3339}":                              {{"zone", `"2023-09-25T09:04:31.742648Z"`, ""}, {"no zone", `"2023-09-25T09:04:31"`, ""}, {"day", `"2023-09-25"`, "no time of this form"}, {"number", "1", "not a written time"}},
		`{type: time.layout, layout: "2006-01-02"}`:         {{"day", `"2023-09-25"`, ""}, {"else", `"25.9.2023"`, "no time of this form"}},
		"{type: time.unix_s, wire: string}":                 {{"fraction", `"1618678150.826417"`, ""}, {"zero", `"0"`, ""}, {"milliseconds", `"1618678150826"`, "TIME_UNIT"}},
		"{type: time.unix_auto}":                            {{"nanoseconds", "1764086430905642800", ""}, {"negative", "-1", "is no time"}},
		`{type: "[]int", sep: "/"}`:                         {{"some", `"1/2"`, ""}, {"none", `""`, ""}, {"a word", `"1/x"`, "[1] \"x\" is no number"}, {"list", "[1]", "not a text joined"}},
		`{type: "[]Grade", sep: ""}`:                        {{"letters", `"ab"`, ""}},
		`{type: "[]int", accept: [single]}`:                 {{"one", "1", ""}, {"list", "[1,2]", ""}, {"bad", `"x"`, "not a number"}},
		`{type: "[]int"}`:                                   {{"one", "1", "not a list"}, {"bad", "[1,true]", "[1] is a bool"}},
		`{type: "map[int64]string"}`:                        {{"good", `{"1":"a"}`, ""}, {"bad key", `{"a":"b"}`, "<key> \"a\" is no number"}, {"list", "[]", "not an object"}},
		`{type: "map[int64]string", accept: [empty-array]}`: {{"empty", "[]", ""}, {"full", "[1]", "not an object"}},
		`{type: "pair[string]int"}`:                         {{"one", `{"a":1}`, ""}, {"two", `{"a":1,"b":2}`, "has 2 members"}},
		"{type: Grade}":                                     {{"known", `"a"`, ""}, {"unknown", `"zz"`, ""}, {"number", "1", "not a text"}},
		"{type: Level}":                                     {{"known", "1", ""}, {"unknown", "9", ""}, {"text", `"1"`, "not a number"}},
		"{type: Ratio}":                                     {{"first", `"1/2"`, ""}, {"second", `"5"`, ""}, {"neither", `"a/b"`, "fits no pattern"}, {"number", "5", "not a text"}},
		"{type: Any}":                                       {{"wrapped", `{"in":{"a":1}}`, ""}, {"flat", `{"a":1}`, ""}, {"word", `"none"`, ""}, {"bad", `{"in":{"a":"x"}}`, "in.a is a string"}, {"nothing", "1", "is no variant of Any"}},
		"{type: Two}":                                       {{"all", "[1,2]", ""}, {"short", "[1]", ""}, {"none", "[]", "a is missing"}, {"long", "[1,2,3]", "has 3 elements"}, {"object", "{}", "not an array"}},
		"{type: Row}":                                       {{"also", `{"b":1}`, ""}, {"unknown", `{"a":1,"c":2}`, "c is no member of Row"}, {"twice", `{"a":1,"b":2}`, "b is there twice"}, {"missing", "{}", "a is missing"}, {"list", "[]", "not an object"}},
	} {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			run(t, rows, func(t *testing.T, frame string) string {
				return check(t, objects, "events:\n  Tick:\n    on: tick\n    fields: {v: "+typ+"}\n"+
					steps("documented", `{"channel":"tick","v":`+frame+`}`)+shapes)
			})
		})
	}
}

const shapes = `enums:
  Grade: {type: string, values: {A: a}}
  Level: {type: int, values: {One: 1}}
types:
  Ack: {fields: {ok: {type: bool}}}
  Why: {fields: {reason: {type: string}}}
  Row: {fields: {a: {type: int, also: [b]}}}
  Ratio: {text: ["{n}/{d}", "{n}"], fields: {n: {type: int}, d: {type: int, optional: true}}}
  Any: {union: [{has: in, at: in, type: Row}, {json: object, type: Row, go: Flat}, {is: none, type: string}]}
  Two: {items: [{name: a, type: int}, {name: b, type: int, optional: true}], rest: reject}
`
