package spec

// Literals whose kind depends on the type beside them.

// literals checks the values of a section against the type it declares, as
// far as that is told without resolving names.
func (k *checker) literals(n *Node, s *Section) {
	if s.Name == "enum" {
		k.enumValues(n)
		return
	}
	if n.Get("type").Text() != "string" && n.Get("is").Text() != "string" {
		return
	}
	for _, name := range []string{"const", "default"} {
		k.textLiteral(n.Get(name), name)
	}
	if n.Get("wire").Text() != "flex" { // a string that may come as a number has numbers that mean null
		k.textLiteral(n.Get("null_as"), "null_as")
	}
}

func (k *checker) enumValues(n *Node) {
	values, kind := n.Get("values"), n.Get("type").Text()
	if values == nil || values.Kind != Map {
		return
	}
	for _, e := range values.Entries {
		wire := e.Value
		if wire.Kind == Map {
			wire = wire.Get("wire")
		}
		switch {
		case wire == nil || wire.Kind != Scalar || wire.IsNull():
		case kind == "string":
			k.textLiteral(wire, e.Key.Value)
		case kind == "int" && (wire.Quoted || wire.Tag != TagInt):
			d := k.diags.Errorf(RuleWrongKind, wire.Span, "%s wants a whole number, this is %s", quote(e.Key.Value), tagNoun(wire.Tag))
			if wire.Quoted && plainTag(wire.Value) == TagInt {
				d.Hint = "write it without quotes"
			}
		}
	}
}

// textLiteral wants text, or a list of texts, that no YAML reader takes for
// something else.
func (k *checker) textLiteral(n *Node, name string) {
	if n == nil {
		return
	}
	for _, item := range n.Items {
		k.textLiteral(item, name)
	}
	if n.Kind != Scalar || n.IsNull() || n.Tag == TagStr {
		return // an unquoted text that older YAML misreads is reported with its shape
	}
	p := quotesNeeded(n, owner{label: quote(name)})
	k.diags.Errorf(p.rule, n.Span, "%s", p.message).WithHint("%s", p.hint)
}
