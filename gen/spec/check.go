package spec

import (
	"regexp"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
)

// checker walks one file by the tables.
type checker struct {
	lang  *language
	diags *diag.Collector
	res   map[string]*regexp.Regexp
	meant map[string]bool // keys of the section at hand that a misspelt one stands for
}

// owner is what a value belongs to: how it is called in messages, and where.
type owner struct {
	label string
	span  diag.Span
}

// check reports what is wrong with the shape of a file.
func (l *language) check(f *File, diags *diag.Collector) {
	k := &checker{lang: l, diags: diags, res: map[string]*regexp.Regexp{}}
	top := venueSection
	if f.Domain {
		top = domainSection
	}
	k.firstKey(f.Root)
	k.section(f.Root, l.byName[top], owner{label: top + " file", span: diag.Span{File: f.Path, Line: 1, Col: 1, EndLine: 1, EndCol: 1}})
}

// firstKey wants the version of the language before anything else, so that a
// reader of a later language knows at once what it reads.
func (k *checker) firstKey(root *Node) {
	if len(root.Entries) == 0 || root.Entries[0].Key.Value == "protogen" {
		return
	}
	if e := root.Entry("protogen"); e != nil {
		k.diags.Errorf(RuleYAMLForm, e.Key.Span, "protogen must be the first key of the file").
			WithRelated(root.Entries[0].Key.Span, "this key comes first")
	}
}

// section checks a map by its table.
func (k *checker) section(n *Node, s *Section, o owner) {
	if len(s.Cases) > 0 {
		k.section(n, k.pick(n, s), o)
		return
	}
	outer := k.meant
	k.meant = map[string]bool{}
	defer func() { k.meant = outer }()
	for _, e := range slices.Concat(n.Entries, n.repeated) {
		k.entry(e, s, o)
	}
	k.missing(n, s, o)
	k.choices(n, s, o)
	k.literals(n, s)
}

// pick returns the case of a section whose own key is there, else the last.
func (k *checker) pick(n *Node, s *Section) *Section {
	for _, name := range s.Cases {
		if c := k.lang.byName[name]; n.Has(c.Case) {
			return c
		}
	}
	return k.lang.byName[s.Cases[len(s.Cases)-1]]
}

func (k *checker) entry(e Entry, s *Section, o owner) {
	if def := s.key(e.Key.Value); def != nil {
		k.value(e.Value, def.Shapes, owner{label: quote(def.Name), span: e.Key.Span}, s)
		return
	}
	if s.Free != nil {
		k.free(e, s.Free, o)
		return
	}
	k.unknownKey(e, s, o)
}

// free checks a member whose key the language does not fix.
func (k *checker) free(e Entry, f *Free, o owner) {
	if k.comma(e, o) {
		return
	}
	at := owner{label: quote(e.Key.Value), span: e.Key.Span}
	if e.Key.Value == SpreadKey && f.Spread != nil {
		k.value(e.Value, f.Spread, at, nil)
		return
	}
	if !e.Key.Quoted && e.Key.Tag != TagStr && !(f.Numbers && e.Key.Tag == TagInt) {
		k.diags.Errorf(RuleScalarQuoted, e.Key.Span, "the %s %s needs quotes, YAML reads it as %s", f.Noun, e.Key.Value, tagNoun(e.Key.Tag)).
			WithHint("write %s", quote(e.Key.Value))
	} else if !k.fits(f.Pattern, e.Key.Value) {
		k.diags.Errorf(RuleWrongKind, e.Key.Span, "%s is not %s", quote(e.Key.Value), article(f.Noun))
	}
	k.value(e.Value, f.Values, at, nil)
}

// comma reports a member without value inside {…}: what is left of a text that
// had a comma and no quotes.
func (k *checker) comma(e Entry, o owner) bool {
	if !e.Key.flow || !e.Value.IsNull() || e.Value.Value != "" || e.Key.Quoted {
		return false
	}
	d := k.diags.Errorf(RuleUnknownKey, e.Key.Span, "%s in %s is a key without a value", quote(e.Key.Value), o.label)
	d.Hint = commaHint(e.Key.Value)
	return true
}

func commaHint(key string) string {
	if strings.Contains(key, ":") {
		return "inside {…} a colon needs a space behind it, and text with a colon needs quotes"
	}
	return "inside {…} text ends at a comma: put quotes around the text that holds it"
}

func (k *checker) missing(n *Node, s *Section, o owner) {
	for _, def := range s.Keys {
		if !def.Required || def.Later || n.Has(def.Name) || slices.ContainsFunc(def.Unless, n.Has) || k.meant[def.Name] {
			continue
		}
		d := k.diags.Errorf(RuleMissingKey, o.span, "%s lacks the key %s", o.label, quote(def.Name))
		d.Hint = def.Name + ": " + def.Doc
		if len(def.Unless) > 0 {
			d.Hint += " Not needed with " + orList(quoteAll(def.Unless)) + "."
		}
	}
}

func (k *checker) choices(n *Node, s *Section, o owner) {
	for _, c := range s.Choices {
		var found []*Entry
		for _, name := range c.Keys {
			if e := n.Entry(name); e != nil {
				found = append(found, e)
			}
		}
		switch {
		case c.AtLeast && len(found) == 0 && !slices.ContainsFunc(c.Keys, func(s string) bool { return k.meant[s] }):
			k.diags.Errorf(RuleMissingKey, o.span, "%s lacks the key %s", o.label, orList(quoteAll(c.Keys)))
		case c.AtMost && len(found) > 1:
			k.diags.Errorf(RuleExclusiveKeys, found[1].Key.Span, "%s takes only one of %s", o.label, orList(quoteAll(c.Keys))).
				WithRelated(found[0].Key.Span, "the other one is here")
		}
	}
}

// fits reports whether a whole text matches a pattern of the tables.
func (k *checker) fits(pattern, s string) bool {
	if pattern == "" {
		return true
	}
	re, ok := k.res[pattern]
	if !ok {
		re = regexp.MustCompile(`^(?:` + pattern + `)$`)
		k.res[pattern] = re
	}
	return re.MatchString(s)
}
