package wire

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// DriftKind says in which way a venue differed from its spec.
type DriftKind string

// The kinds of drift.
const (
	DriftUnknownMember  DriftKind = "unknown-member"  // a member that is not declared
	DriftMissing        DriftKind = "missing"         // a plain member that is absent
	DriftNull           DriftKind = "null"            // null in a member that is not nullable
	DriftUnknownEnum    DriftKind = "unknown-enum"    // a value that the enum does not list
	DriftInvalidUTF8    DriftKind = "invalid-utf8"    // text that had to be repaired
	DriftRepeatedKey    DriftKind = "repeated-key"    // a member or map key that came twice
	DriftUnknownVariant DriftKind = "unknown-variant" // an open union took its last resort
)

const (
	maxDriftRows = 512
	maxDriftName = 64
)

// Drift counts what a venue sent and its spec does not say. It holds at most 512
// rows; what is beyond is counted as a whole. It is safe for concurrent use, and
// a nil *Drift counts nothing.
type Drift struct {
	mu       sync.Mutex
	rows     map[driftKey]*uint64
	overflow uint64
}

type driftKey struct {
	kind      DriftKind
	typ, name string
}

// DriftRow is one counter. Name is a member, value or key and is cut to 64 bytes.
type DriftRow struct {
	Kind  DriftKind
	Type  string
	Name  string
	Count uint64
}

// Add counts one case of kind in a member, value or key of a type.
func (d *Drift) Add(kind DriftKind, typ, name string) { countDrift(d, kind, typ, name) }

// countDrift looks the row up without making a string of the name.
func countDrift[S string | []byte](d *Drift, kind DriftKind, typ string, name S) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	name = cutName(name)
	if n := d.rows[driftKey{kind, typ, string(name)}]; n != nil {
		*n++
		return
	}
	if len(d.rows) >= maxDriftRows {
		d.overflow++
		return
	}
	if d.rows == nil {
		d.rows = make(map[driftKey]*uint64)
	}
	one := uint64(1)
	d.rows[driftKey{kind, typ, strings.Clone(string(name))}] = &one
}

// cutName bounds a name without cutting through a rune.
func cutName[S string | []byte](s S) S {
	if len(s) <= maxDriftName {
		return s
	}
	end := maxDriftName
	for end > maxDriftName-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// Snapshot returns the rows, sorted by kind, type and name.
func (d *Drift) Snapshot() []DriftRow {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	rows := make([]DriftRow, 0, len(d.rows))
	for k, n := range d.rows {
		rows = append(rows, DriftRow{k.kind, k.typ, k.name, *n})
	}
	d.mu.Unlock()
	slices.SortFunc(rows, func(a, b DriftRow) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// Overflow counts the cases that found no row.
func (d *Drift) Overflow() uint64 {
	if d == nil {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.overflow
}

// Total counts all cases.
func (d *Drift) Total() uint64 {
	if d == nil {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	total := d.overflow
	for _, n := range d.rows {
		total += *n
	}
	return total
}
