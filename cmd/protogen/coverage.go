package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/venuewire/venuewire/gen/coverage"
)

type coverageCmd struct {
	Format  string `enum:"text,md,json" default:"text" help:"text, md or json."`
	Against string `placeholder:"GITREV|FILE" help:"Show what changed since: a coverage.json, or a revision of git that has one in the spec folder. Exit with 1 when something was lost."`
}

func (coverageCmd) Help() string {
	return `Levels are computed from the specs: named < typed < exampled < verified; skipped rows have a reason.

Examples:

  protogen coverage                           a table for the terminal
  protogen coverage --format md               the page that generate writes as COVERAGE.md
  protogen coverage --against HEAD            what the uncommitted specs gain and lose
  protogen coverage --against old.json        the same against a file`
}

// Run prints the report, or the difference.
func (c *coverageCmd) Run(e *env) error {
	m, err := e.loadGood()
	if err != nil {
		return err
	}
	r := coverage.New(m.Venues)
	if c.Against != "" {
		return c.compare(e, r)
	}
	switch c.Format {
	case "md":
		_, err = e.stdout.Write(r.Markdown())
	case "json":
		var data []byte
		if data, err = r.JSON(); err == nil {
			_, err = e.stdout.Write(data)
		}
	default:
		err = r.Text(e.stdout)
	}
	return err
}

func (c *coverageCmd) compare(e *env, now *coverage.Report) error {
	if c.Format != "text" {
		return bad("--against has only --format text")
	}
	data, err := c.old(e)
	if err != nil {
		return err
	}
	was, err := coverage.Parse(data)
	if err != nil {
		return bad("%s: %v", c.Against, err)
	}
	d := coverage.Compare(was, now)
	if err := d.Text(e.stdout); err != nil {
		return err
	}
	if n := len(d.Lost); n > 0 {
		return finding("coverage lost: %s", plural(n, "row"))
	}
	return nil
}

// old reads the older report: a file of that name, else from a revision of git.
func (c *coverageCmd) old(e *env) ([]byte, error) {
	if info, err := os.Stat(c.Against); err == nil && info.Mode().IsRegular() {
		data, err := os.ReadFile(c.Against)
		if err != nil {
			return nil, bad("%v", err)
		}
		return data, nil
	}
	if strings.HasPrefix(c.Against, "-") {
		return nil, bad("%q is neither a file nor a revision of git", c.Against)
	}
	cmd := exec.Command("git", "-C", e.specs, "show", c.Against+":./"+coverageFile)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	data, err := cmd.Output()
	if err != nil {
		return nil, bad("%q is neither a file nor a revision of git that has %s: %s", c.Against, coverageFile,
			strings.TrimSpace(fmt.Sprintf("%v: %s", err, stderr.String())))
	}
	return data, nil
}
