package spec

// The forms of scalars that several sections use.

// SpreadKey is the key that puts the members of its value in place.
const SpreadKey = "..."

const (
	goNamePattern   = `[A-Z{][A-Za-z0-9_{}]*`
	namePattern     = `[A-Za-z0-9_][A-Za-z0-9_.-]*`
	durationPattern = `[0-9]+(ms|s|m|h)`
	datePattern     = `[0-9]{4}-[0-9]{2}-[0-9]{2}`
	sincePattern    = `[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|[0-9]+(\.[0-9]+)*`
	typePattern     = `(\[\]|(map|pair)\[(keyof )?[A-Za-z][A-Za-z0-9_.]*\])*(keyof )?[A-Za-z][A-Za-z0-9_.]*`
	packagePattern  = `[a-z][a-z0-9]*(/[a-z][a-z0-9]*)*`
)

func boolean() Shape { return Shape{Form: FormBool, Noun: "true or false"} }
func integer() Shape { return Shape{Form: FormInt, Noun: "a whole number"} }
func literal() Shape { return Shape{Form: FormLiteral, Noun: "a value"} }
func tree() Shape    { return Shape{Form: FormTree, Noun: "a template"} }

func goName() Shape     { return like("a Go name such as GetCandles", goNamePattern) }
func duration() Shape   { return like("a duration such as 250ms, 10s or 10m", durationPattern) }
func typeExpr() Shape   { return like("a type such as int64, []Trade or map[string]json", typePattern) }
func memberPath() Shape { return text("a path such as data[].symbol") }
func pattern() Shape    { return text("a pattern such as <name>.{symbol}") }
func version() Shape    { return like("a version in quotes", `\S+`) }
func name() Shape       { return like("a name", `\S+`) }

func date() Shape {
	s := like(`a day in quotes such as "2026-05-27"`, datePattern)
	s.Quoted = true
	return s
}

func since() Shape {
	s := like(`a day, month, year or version in quotes such as "2023"`, sincePattern)
	s.Quoted = true
	return s
}

func paths() []Shape { return []Shape{memberPath(), list(memberPath())} }

func matches() []Shape {
	return []Shape{pattern(), section("match"), list(pattern(), section("match"))}
}

func template() Shape { return tree() }

func fieldsOf(name string) Shape {
	return each("wire name", "one member; their order is that of the wire where it matters", section(name)).
		spread(typeExpr(), list(typeExpr()))
}
