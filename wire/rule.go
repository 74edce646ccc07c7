package wire

// RuleError says which rule of a request does not hold; nothing was sent.
type RuleError struct {
	Type string // Go type of the request
	Rule string // what must hold, in words
}

// Error names the type and the rule.
func (e *RuleError) Error() string { return e.Type + ": " + e.Rule }

// CountTrue counts the conditions that hold.
func CountTrue(conds ...bool) int {
	n := 0
	for _, c := range conds {
		if c {
			n++
		}
	}
	return n
}
