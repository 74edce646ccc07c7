package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// The reports that are written beside the packages.
const (
	coveragePage = "COVERAGE.md"          // below --out
	coverageFile = "coverage.json"        // below --specs
	schemaFile   = "protogen.schema.json" // below --specs
	fixCommand   = "go tool protogen"     // how a module runs protogen
)

type generateCmd struct {
	Check  bool     `help:"Write nothing; show what differs from the specs and exit with 1 if anything does."`
	Venues []string `arg:"" optional:"" name:"venue" help:"Generate only these venues; all specs are checked all the same."`
}

func (generateCmd) Help() string {
	return `Everything is generated in memory first; with an error in the specs nothing is written. Only files that differ are
written. Generated files that no spec accounts for any more are deleted from the packages of the venues; files
without protogen's header are never touched.

Examples:

  protogen generate                 everything
  protogen generate kraken          the packages of one venue
  protogen generate --check         in CI: are the generated files those of the specs?`
}

// Run generates, or checks.
func (c *generateCmd) Run(e *env) error {
	m, found, err := e.load()
	if err != nil {
		return err
	}
	for _, w := range found.Warnings() {
		fmt.Fprintf(e.stderr, "warning: %s\n", w)
	}
	if err := e.refuse(m, found.Errors()); err != nil {
		return err
	}
	report := coverage.New(m.Venues)
	changes, unchanged, err := c.plan(e, m, report)
	if err != nil {
		return err
	}
	if c.Check {
		return c.check(e, changes)
	}
	if err := apply(changes); err != nil {
		return bad("%v", err)
	}
	summary(e, changes, unchanged)
	return report.Text(e.stdout)
}

// plan returns what has to change and how many files need not.
func (c *generateCmd) plan(e *env, m *gen.Model, report *coverage.Report) ([]change, int, error) {
	run, err := gen.Select(m, c.Venues...)
	if err != nil {
		return nil, 0, bad("%v", err)
	}
	targets, err := e.packages(run)
	if err != nil {
		return nil, 0, err
	}
	stale, err := e.stale(run, m.Venues, targets)
	if err != nil {
		return nil, 0, err
	}
	reports, err := e.reports(report)
	if err != nil {
		return nil, 0, err
	}
	targets = append(targets, reports...)
	changes, err := compare(targets)
	if err != nil {
		return nil, 0, err
	}
	unchanged := len(targets) - len(changes)
	changes = append(changes, stale...)
	slices.SortFunc(changes, byName)
	return changes, unchanged, nil
}

// packages generates the Go files of venues.
func (e *env) packages(venues []*ir.Venue) ([]target, error) {
	prefix, err := e.specPrefix()
	if err != nil {
		return nil, err
	}
	files, err := gen.Generate(venues, gen.Options{SpecPrefix: prefix})
	if err != nil {
		return nil, bad("%v", err)
	}
	var out []target
	for _, name := range slices.Sorted(maps.Keys(files)) {
		local := filepath.FromSlash(name)
		if !filepath.IsLocal(local) {
			return nil, bad("the package of %s lies outside of --out", name)
		}
		out = append(out, target{filepath.Join(e.out, local), files[name], isGenerated})
	}
	return out, nil
}

// reports renders the files that tell of all venues.
func (e *env) reports(r *coverage.Report) ([]target, error) {
	data, err := r.JSON()
	if err != nil {
		return nil, bad("%v", err)
	}
	schema, err := spec.JSONSchema()
	if err != nil {
		return nil, bad("%v", err)
	}
	ours := func(old []byte) bool { return bytes.HasPrefix(old, []byte(coverage.MarkdownHeader)) }
	return []target{
		{filepath.Join(e.out, coveragePage), r.Markdown(), ours},
		{filepath.Join(e.specs, coverageFile), data, always},
		{filepath.Join(e.specs, schemaFile), schema, always},
	}, nil
}

// apply writes and deletes. New files come first: an interruption leaves too many files, not too few.
func apply(changes []change) error {
	for _, c := range changes {
		if !c.stale() {
			if err := writeFile(c.name, c.new); err != nil {
				return err
			}
		}
	}
	for _, c := range changes {
		if c.stale() {
			if err := os.Remove(c.name); err != nil {
				return err
			}
		}
	}
	return nil
}

func summary(e *env, changes []change, unchanged int) {
	for _, c := range changes {
		word := "wrote"
		if c.stale() {
			word = "deleted"
		}
		fmt.Fprintf(e.stdout, "%s %s\n", word, filepath.ToSlash(c.name))
	}
	fmt.Fprintf(e.stdout, "%s changed, %d unchanged\n\n", plural(len(changes), "file"), unchanged)
}
