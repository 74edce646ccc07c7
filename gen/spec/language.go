package spec

// language is the tables with an index.
type language struct {
	sections []Section
	byName   map[string]*Section
}

// The sections of the two kinds of files.
const (
	venueSection  = "venue"
	domainSection = "domain"
)

// Sections returns the tables of the language, in the order of the reference:
// every kind of map with its keys. The caller may change the result.
func Sections() []Section {
	var out []Section
	for _, group := range [][]Section{venueSections(), wireSections(), domainSections(), streamSections(), typeSections()} {
		out = append(out, group...)
	}
	return out
}

func newLanguage() *language {
	l := &language{sections: Sections(), byName: map[string]*Section{}}
	for i := range l.sections {
		l.byName[l.sections[i].Name] = &l.sections[i]
	}
	return l
}
