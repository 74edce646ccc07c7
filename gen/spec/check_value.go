package spec

import (
	"slices"
	"strconv"
	"strings"
)

// value checks a value against the shapes it may have. in is the section that
// has the key, nil for free keys.
func (k *checker) value(n *Node, shapes []Shape, o owner, in *Section) {
	switch n.Kind {
	case Map:
		if s := withForm(shapes, FormMap); s != nil {
			k.mapValue(n, s, o, in)
			return
		}
	case List:
		if s := withForm(shapes, FormList); s != nil {
			k.listValue(n, s, o)
			return
		}
	default:
		if k.scalarValue(n, shapes, o) {
			return
		}
	}
	if withForm(shapes, FormTree) != nil {
		k.tree(n, o)
		return
	}
	k.wrongKind(n, shapes, o)
}

func withForm(shapes []Shape, f Form) *Shape {
	for i := range shapes {
		if shapes[i].Form == f {
			return &shapes[i]
		}
	}
	return nil
}

func (k *checker) wrongKind(n *Node, shapes []Shape, o owner) {
	d := k.diags.Errorf(RuleWrongKind, n.Span, "%s wants %s, this is %s", o.label, describe(shapes), kindNoun(n))
	switch {
	case n.IsNull() && n.Value == "":
		d.Message = o.label + " has no value, it wants " + describe(shapes)
	case n.Kind == Scalar && n.Quoted && withForm(shapes, FormBool) != nil && (n.Value == "true" || n.Value == "false"),
		n.Kind == Scalar && n.Quoted && withForm(shapes, FormInt) != nil && plainTag(n.Value) == TagInt:
		d.Hint = "write it without quotes"
	case n.Kind == Scalar && withForm(shapes, FormList) != nil && len(shapes) == 1:
		d.Hint = "write [" + n.Value + "]"
	}
}

func (k *checker) mapValue(n *Node, s *Shape, o owner, in *Section) {
	if s.Section != "" {
		k.section(n, k.lang.byName[s.Section], owner{label: sectionLabel(s.Section, o.label, in), span: o.span})
		return
	}
	for _, e := range slices.Concat(n.Entries, n.repeated) {
		k.free(e, s.Each, o)
	}
}

// sectionLabel names a section by itself, by its key, or by its list.
func sectionLabel(name, label string, in *Section) string {
	switch {
	case strings.HasPrefix(label, elementOf):
		return article(name) + " of " + strings.TrimPrefix(label, elementOf)
	case label == quote(name) && in != nil:
		return name
	}
	return name + " " + label
}

const elementOf = "an element of "

func (k *checker) listValue(n *Node, s *Shape, o owner) {
	seen := map[string]*Node{}
	for _, item := range n.Items {
		k.value(item, s.Items, owner{label: elementOf + o.label, span: item.Span}, nil)
		if item.Kind != Scalar || withForm(s.Items, FormLiteral) != nil {
			continue
		}
		if prev, ok := seen[item.Value]; ok {
			k.diags.Errorf(RuleDuplicateKey, item.Span, "%s is already in this list", quote(item.Value)).
				WithRelated(prev.Span, "first used here")
			continue
		}
		seen[item.Value] = item
	}
}

// tree checks what is written on the wire: any values, but no remains of a
// text that was cut at a comma.
func (k *checker) tree(n *Node, o owner) {
	for _, item := range n.Items {
		k.tree(item, o)
	}
	for _, e := range slices.Concat(n.Entries, n.repeated) {
		switch {
		case k.comma(e, o):
		case e.Key.Value == SpreadKey:
			k.value(e.Value, []Shape{text("a hole such as <request>"), list(text("a hole"))}, owner{label: quote(SpreadKey), span: e.Key.Span}, nil)
		case e.Value.IsNull() && e.Value.Value == "":
			k.diags.Errorf(RuleWrongKind, e.Key.Span, "%s has no value", quote(e.Key.Value)).
				WithHint("write null for a JSON null")
		default:
			k.tree(e.Value, o)
		}
	}
}

// problem is why a scalar does not have a shape; the most telling one of all
// shapes is reported.
type problem struct {
	rule, message, hint string
	rank                int
}

// scalarValue checks a scalar; false when no shape takes scalars, or when the
// kinds differ so that the caller describes all shapes.
func (k *checker) scalarValue(n *Node, shapes []Shape, o owner) bool {
	if n.IsNull() && withForm(shapes, FormTree) == nil {
		return false
	}
	var worst *problem
	for i := range shapes {
		p, tried := k.scalar(n, &shapes[i], shapes, o)
		if !tried {
			continue
		}
		if p == nil {
			return true
		}
		if worst == nil || p.rank > worst.rank {
			worst = p
		}
	}
	if worst == nil || worst.rank == 0 {
		return false
	}
	d := k.diags.Errorf(worst.rule, n.Span, "%s", worst.message)
	d.Hint = worst.hint
	return true
}

// scalar returns nil when the scalar has the shape, and false when the shape
// is no scalar.
func (k *checker) scalar(n *Node, s *Shape, all []Shape, o owner) (*problem, bool) {
	switch s.Form {
	case FormText:
		return k.text(n, s, all, o), true
	case FormWord:
		return wordIn(n, s, all, o), true
	case FormBool:
		return unlessTag(n, TagBool), true
	case FormInt:
		if _, ok := n.Int(); ok {
			return nil, true
		}
		return &problem{}, true
	case FormLiteral:
		if !n.Quoted && n.Tag == TagStr && oldReading.MatchString(n.Value) {
			return quotesNeeded(n, o), true
		}
		return nil, true
	case FormTree:
		return nil, true
	}
	return nil, false
}

func unlessTag(n *Node, tag string) *problem {
	if n.Tag == tag {
		return nil
	}
	return &problem{}
}

func quotesNeeded(n *Node, o owner) *problem {
	how := tagNoun(n.Tag)
	if n.Tag == TagStr {
		how = "something else in older YAML"
	}
	return &problem{rule: RuleScalarQuoted, rank: 3, hint: "write " + quote(n.Value),
		message: o.label + " wants text: " + n.Value + " without quotes is read as " + how}
}

func (k *checker) text(n *Node, s *Shape, all []Shape, o owner) *problem {
	switch {
	case n.needsQuotes():
		if n.Tag == TagBool && withForm(all, FormBool) != nil {
			return &problem{}
		}
		return quotesNeeded(n, o)
	case !k.fits(s.Pattern, n.Value):
		return &problem{rule: RuleWrongKind, rank: 1,
			message: o.label + " wants " + describe(all) + ", not " + quote(n.Value)}
	case s.Quoted && !n.Quoted:
		return quotesNeeded(n, o)
	}
	return nil
}

// wordIn checks a word against all closed lists of the shapes.
func wordIn(n *Node, s *Shape, all []Shape, o owner) *problem {
	if slices.Contains(s.Words, n.Value) {
		if n.needsQuotes() {
			return quotesNeeded(n, o)
		}
		return nil
	}
	words := wordsOf(all)
	others := withForm(all, FormList) != nil || withForm(all, FormMap) != nil
	if others && n.Tag != TagStr {
		return &problem{}
	}
	message := o.label + " does not know the word " + quote(n.Value)
	if near := nearest(n.Value, words); near != "" {
		message += " (did you mean " + quote(near) + "?)"
	}
	hint := "one of: " + strings.Join(words, ", ")
	if others {
		hint = "it wants " + describe(all)
	}
	return &problem{rule: RuleUnknownWord, rank: 2, message: message, hint: hint}
}

// quote puts a name into double quotes for messages.
func quote(s string) string { return strconv.Quote(s) }
