package coverage

import "fmt"

// Level says how much is known and proven of a row. Levels are computed from the specs and never typed in.
type Level int

// The levels, least first.
const (
	// Skipped rows have a reason to be left out and no method.
	Skipped Level = iota
	// Named rows are known by name; what they carry is not, or not wholly.
	Named
	// Typed rows have shapes for everything that they send and deliver.
	Typed
	// Exampled rows have besides an example with a source, which the generated tests decode.
	Exampled
	// Verified rows have besides an example that was captured from the venue.
	Verified
)

var levelNames = [...]string{"skipped", "named", "typed", "exampled", "verified"}

// Levels lists all levels, the best first, as tables show them.
func Levels() []Level { return []Level{Verified, Exampled, Typed, Named, Skipped} }

// String returns the level's name in lower case.
func (l Level) String() string {
	if l < 0 || int(l) >= len(levelNames) {
		return fmt.Sprintf("level(%d)", int(l))
	}
	return levelNames[l]
}

// MarshalText returns the level's name; a level that does not exist is an error.
func (l Level) MarshalText() ([]byte, error) {
	if l < 0 || int(l) >= len(levelNames) {
		return nil, fmt.Errorf("coverage level %d does not exist", int(l))
	}
	return []byte(levelNames[l]), nil
}

// UnmarshalText accepts the names that MarshalText writes.
func (l *Level) UnmarshalText(text []byte) error {
	for i, name := range levelNames {
		if name == string(text) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("unknown coverage level %q (want one of %q)", text, levelNames)
}
