package spec

import "regexp"

// The YAML 1.2 core schema, section 10.3.2.
var (
	coreNull  = regexp.MustCompile(`^(~|null|Null|NULL)?$`)
	coreBool  = regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE)$`)
	coreInt   = regexp.MustCompile(`^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$`)
	coreFloat = regexp.MustCompile(`^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// oldReading matches unquoted text that is text in YAML 1.2 but a bool, a
// number or a date for the many tools that still read YAML 1.1.
var oldReading = regexp.MustCompile(`^(y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF` +
	`|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(\.[0-9_]*)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?` +
	`|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)$`)

// plainTag returns how the core schema reads an unquoted text.
func plainTag(s string) string {
	switch {
	case coreNull.MatchString(s):
		return TagNull
	case coreBool.MatchString(s):
		return TagBool
	case coreInt.MatchString(s):
		return TagInt
	case coreFloat.MatchString(s):
		return TagFloat
	}
	return TagStr
}

// needsQuotes reports whether some YAML reader takes the scalar for something
// else than its text.
func (n *Node) needsQuotes() bool {
	return !n.Quoted && (n.Tag != TagStr || oldReading.MatchString(n.Value))
}
