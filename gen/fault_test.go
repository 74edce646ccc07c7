package gen_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/diag"
)

// TestFault has the row of the catalogue in package stream that is none of a connection: specs that cannot be right. Each
// mistake is one finding with its rule, place, excerpt and hint, and nothing is generated, neither for the venue nor for
// those beside it.
func TestFault(t *testing.T) {
	t.Parallel()
	for n, m := range mistakes {
		t.Run("63-spec-with-"+strings.ReplaceAll(m.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			fsys := goodSpecs(t)
			name, text, line, col := mistake(n)
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
			model, found := gen.Load(fsys, gen.WithPrefix("specs"))
			require.Len(t, found, 1, "%v", found)
			requireFinding(t, model, found[0], n, "specs/"+name, line, col)
			require.ErrorIs(t, found.Err(), diag.ErrFindings)
		})
	}
}
