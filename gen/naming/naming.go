// Package naming turns the names of a wire into Go names.
//
// A wire name is cut into words at everything that is neither letter nor digit and where the case changes;
// each word is capitalised, initialisms are written whole. The functions are pure: equal input, equal name.
package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// digitPrefix stands before a name that would begin with a digit.
const digitPrefix = "N"

// Namer makes Go names with a set of initialisms. The zero value knows none.
type Namer struct {
	initialisms map[string]string // by lower case
}

// New returns a Namer that knows the house initialisms and the given ones; a given one replaces the spelling of
// the house.
func New(initialisms ...string) *Namer {
	n := &Namer{initialisms: make(map[string]string, len(house)+len(initialisms))}
	for _, s := range house {
		n.initialisms[strings.ToLower(s)] = s
	}
	for _, s := range initialisms {
		n.initialisms[strings.ToLower(s)] = s
	}
	return n
}

// Exported returns the exported Go name of a wire name: "active_id" is ActiveID, "conidEx" ConidEx, "31" N31.
// It is empty when the wire name has no letter and no digit.
func (n *Namer) Exported(wire string) string {
	var b strings.Builder
	for _, w := range words(wire) {
		b.WriteString(n.word(w))
	}
	return guardDigit(b.String())
}

// Unexported returns the unexported Go name of a wire name: "active_id" is activeID, "ID" id, "type" typeValue.
func (n *Namer) Unexported(wire string) string {
	var b strings.Builder
	for i, w := range words(wire) {
		if i == 0 {
			b.WriteString(strings.ToLower(w))
			continue
		}
		b.WriteString(n.word(w))
	}
	return safe(strings.ToLower(digitPrefix), b.String())
}

// Lower makes an exported Go name unexported: "ActiveID" is activeID, "IDs" ids, "Type" typeValue. A leading
// initialism goes down whole.
func (n *Namer) Lower(exported string) string {
	ws := words(exported)
	if len(ws) == 0 {
		return exported
	}
	first := ws[0]
	if init := n.leadingInitialism(exported); len(init) > len(first) {
		first = init
	}
	return safe(strings.ToLower(digitPrefix), strings.ToLower(first)+exported[len(first):])
}

// leadingInitialism returns the longest initialism that the name begins with, at a word's end.
func (n *Namer) leadingInitialism(name string) string {
	best := ""
	for _, s := range n.initialisms {
		rest, ok := strings.CutPrefix(name, s)
		if !ok || len(s) <= len(best) {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(rest); rest == "" || !unicode.IsLower(r) {
			best = s
		}
	}
	return best
}

// Value returns the name of an enum value made from its wire text; the name of the enum is not part of it.
func (n *Namer) Value(wire string) string { return n.Exported(wire) }

// word writes one word with its first letter in upper case, or as an initialism, whose plural keeps a small s.
func (n *Namer) word(w string) string {
	low := strings.ToLower(w)
	if s, ok := n.initialisms[low]; ok {
		return s
	}
	if stem, ok := strings.CutSuffix(low, "s"); ok {
		if s, ok := n.initialisms[stem]; ok {
			return s + "s"
		}
	}
	r, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[size:]
}

func guardDigit(name string) string {
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		return digitPrefix + name
	}
	return name
}

func safe(prefix, name string) string {
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		name = prefix + name
	}
	if IsReserved(name) {
		return name + "Value"
	}
	return name
}

// Plural returns the plural of an English noun in a Go name: Trade is Trades, Entry Entries, Class Classes.
func Plural(name string) string {
	low := strings.ToLower(name)
	switch {
	case name == "":
		return ""
	case hasSuffix(low, "s", "x", "ch", "sh"):
		return name + "es"
	case strings.HasSuffix(low, "y") && len(low) > 1 && !strings.ContainsRune("aeiou", rune(low[len(low)-2])):
		return name[:len(name)-1] + "ies"
	default:
		return name + "s"
	}
}

func hasSuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}
