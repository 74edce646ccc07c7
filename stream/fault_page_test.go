package stream_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write docs/faults.md")

const faultPage = "../docs/faults.md"

// rowName is a row in the fault tests of a venue.
var rowName = regexp.MustCompile(`"([0-9]{2}-[a-z0-9-]+)"`)

// venueRows are the rows that a package has of its own.
func venueRows(t *testing.T, dir string) (rows []string) {
	files, err := filepath.Glob(filepath.Join("..", dir, "fault*_test.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files, dir)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range rowName.FindAllStringSubmatch(string(text), -1) {
			rows = append(rows, "`"+m[1]+"`")
		}
	}
	require.NotEmpty(t, rows, dir)
	slices.Sort(rows)
	return slices.Compact(rows)
}

// TestFaultPage holds docs/faults.md to the rows.
func TestFaultPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(faultIntro)
	for _, f := range faults() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f, f.does)
	}
	b.WriteString(faultVenues)
	for _, dir := range []string{"ibkr", "iqoption", "kraken", "kraken/krakenv1", "polygon"} {
		fmt.Fprintf(&b, "| `%s` | %s |\n", dir, strings.Join(venueRows(t, dir), " "))
	}
	if *update {
		require.NoError(t, os.WriteFile(faultPage, []byte(b.String()), 0o644))
	}
	page, err := os.ReadFile(faultPage)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(page), "go test ./stream -run TestFaultPage -update writes it anew")
}

const faultIntro = `# Faults

What goes wrong with venues, networks and programs, and what a client does then. Each row is a test:

` + "```sh" + `
go test ./stream -run 'TestFault$'          # all
go test ./stream -run 'TestFault$/^57'      # an order that is cut short, at every byte
` + "```" + `

Time is fake where a row takes any, so an hour of refused dials is over in a second. Rows *in each dialect* run the clients of all venues
against their fakes; the others run the engine under them. Row 63, specs that cannot be right, is the generator's:
` + "`go test ./gen ./cmd/protogen -run 'TestFault$'`" + `. Several rows may share a number.

| row | what the client does |
| --- | --- |
`

const faultVenues = `
Where a venue's own protocol decides what happens, its package has rows of the same numbers:

| package | rows |
| --- | --- |
`
