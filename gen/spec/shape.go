package spec

import "strings"

// Form tells what a value of the language may be.
type Form int

// The forms.
const (
	FormText    Form = iota // text; what YAML reads as something else is quoted
	FormWord                // one of a closed list
	FormBool                // true or false
	FormInt                 // a whole number
	FormLiteral             // any scalar but null
	FormMap                 // a map: of a section, or with free keys
	FormList                // a list
	FormTree                // any scalars, maps and lists: what is written on the wire
)

// Shape is one form that a value may have.
type Shape struct {
	Form    Form
	Noun    string   // what it is, with article: "a duration such as 10s"
	Words   []string // FormWord: the closed list
	Pattern string   // FormText: regular expression of the whole text; "" any
	Quoted  bool     // FormText: always in quotes
	Ref     string   // what a text names: "event", "type"; "" nothing
	Section string   // FormMap: name of the section; "" free keys
	Each    *Free    // FormMap without section: its members
	Items   []Shape  // FormList: what an element may be
}

// Free describes members whose keys the language does not fix.
type Free struct {
	Noun    string  // what the keys are: "wire name"
	Doc     string  // one line
	Pattern string  // regular expression of the whole key; "" any
	Numbers bool    // keys may be unquoted numbers
	Values  []Shape // what a value may be
	Spread  []Shape // what the value of "..." may be; nil: no such key
}

// Key is one key that a section fixes.
type Key struct {
	Name     string
	Doc      string   // one line, shown in editors
	Shapes   []Shape  // any of them
	Required bool     // unless one of Unless is there
	Unless   []string // keys that make it dispensable
	Later    bool     // required, but reported by a later phase under a rule of its own
	Default  string   // in words; "" none
}

// Choice is a set of keys that depend on each other.
type Choice struct {
	Keys    []string
	AtLeast bool // one of them must be there
	AtMost  bool // two of them must not
}

// Section is one kind of map of the language.
type Section struct {
	Name    string
	Doc     string
	Keys    []Key
	Choices []Choice
	Free    *Free    // members beside the keys; nil: none
	Cases   []string // sections of which the first whose own key is there holds, the last in any case; such a section has no keys
	Case    string   // the key that selects this section among the cases of another
}

// key finds a fixed key.
func (s *Section) key(name string) *Key {
	for i := range s.Keys {
		if s.Keys[i].Name == name {
			return &s.Keys[i]
		}
	}
	return nil
}

// The functions below keep the tables readable.

func key(name, doc string, shapes ...Shape) Key {
	return Key{Name: name, Doc: doc, Shapes: shapes}
}

func (k Key) required() Key { k.Required = true; return k }

func (k Key) unless(keys ...string) Key {
	k.Required, k.Unless = true, keys
	return k
}

func (k Key) later(unless ...string) Key {
	k.Later, k.Unless = true, unless
	return k
}

func (k Key) def(text string) Key { k.Default = text; return k }

func text(noun string) Shape          { return Shape{Noun: noun} }
func like(noun, pattern string) Shape { return Shape{Noun: noun, Pattern: pattern} }
func word(words ...string) Shape      { return Shape{Form: FormWord, Noun: "a word", Words: words} }
func list(items ...Shape) Shape       { return Shape{Form: FormList, Noun: "a list", Items: items} }
func section(name string) Shape       { return Shape{Form: FormMap, Noun: "a map", Section: name} }

func ref(kind string) Shape {
	return Shape{Noun: "the name of " + article(kind), Ref: kind, Pattern: `\S+`}
}

func each(noun, doc string, values ...Shape) Shape {
	return Shape{Form: FormMap, Noun: "a map", Each: &Free{Noun: noun, Doc: doc, Values: values}}
}

func (s Shape) keys(pattern string) Shape {
	free := *s.Each
	free.Pattern = pattern
	s.Each = &free
	return s
}

func (s Shape) numbers() Shape {
	free := *s.Each
	free.Numbers, free.Pattern = true, `[0-9]+`
	s.Each = &free
	return s
}

func (s Shape) spread(values ...Shape) Shape {
	free := *s.Each
	free.Spread = values
	s.Each = &free
	return s
}

// keys makes one list of keys out of several.
func keys(groups ...[]Key) []Key {
	var out []Key
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

// article puts "a" or "an" before a noun.
func article(noun string) string {
	if strings.ContainsRune("aeio", rune(noun[0])) || strings.HasPrefix(noun, "rpc") {
		return "an " + noun
	}
	return "a " + noun
}
