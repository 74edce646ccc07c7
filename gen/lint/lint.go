// Package lint checks resolved venues: rules as data, one file for each group of them.
//
// A rule whose check is nil is reported by an earlier phase (reading, resolving, trying the examples) and is listed
// here so that there is one list of all rules.
package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
)

// Category groups rules for the reference.
type Category string

// The categories, in the order of the reference.
const (
	Form       Category = "form"       // the YAML and the shape of the sections
	References Category = "references" // what names something else
	Names      Category = "names"
	Frames     Category = "frames" // telling frames apart
	Patterns   Category = "patterns"
	Templates  Category = "templates"
	Streams    Category = "streams" // routing, acks, lifetimes
	Calls      Category = "calls"
	Types      Category = "types"
	Examples   Category = "examples"
	Provenance Category = "provenance"
)

// Rule is one thing that a spec must get right.
type Rule struct {
	ID       string
	Category Category
	Purpose  string // what it is about, a phrase
	Severity diag.Severity

	check func(*checker)
}

// Rules returns all rules, those of the earlier phases included, in the order of the reference.
func Rules() []Rule {
	return slices.Concat(formRules(), referenceRules(), nameRules(), frameRules(), patternRules(), templateRules(),
		streamRules(), callRules(), typeRules(), exampleRules(), provenanceRules())
}

// Check runs the rules over venues and returns the findings of all of them.
func Check(venues []*ir.Venue) diag.List {
	var c diag.Collector
	rules := Rules()
	for _, v := range venues {
		for _, r := range rules {
			if r.check != nil {
				r.check(&checker{v: v, rule: r, c: &c})
			}
		}
	}
	return c.List()
}

// checker is what a check gets: the venue, and a place for findings.
type checker struct {
	v    *ir.Venue
	rule Rule
	c    *diag.Collector
}

// report records a finding of the rule.
func (c *checker) report(span diag.Span, format string, args ...any) *diag.Diagnostic {
	if c.rule.Severity == diag.Warning {
		return c.c.Warnf(c.rule.ID, span, format, args...)
	}
	return c.c.Errorf(c.rule.ID, span, format, args...)
}
