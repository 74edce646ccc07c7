package spec

// The rules that loading checks.
const (
	RuleYAMLForm      = "YAML_FORM"      // parses, one document, none of YAML's machinery
	RuleDuplicateKey  = "DUPLICATE_KEY"  // a name twice in one map
	RuleUnknownKey    = "UNKNOWN_KEY"    // a key that the section does not have
	RuleUnknownWord   = "UNKNOWN_WORD"   // a word outside a closed list
	RuleWrongKind     = "WRONG_KIND"     // scalar, list or map where another is wanted, or a scalar of the wrong form
	RuleMissingKey    = "MISSING_KEY"    // a required key
	RuleExclusiveKeys = "EXCLUSIVE_KEYS" // two keys of which a section takes one
	RuleScalarQuoted  = "SCALAR_QUOTED"  // text that YAML reads as something else
)
