package main

import (
	"fmt"

	"github.com/venuewire/venuewire/gen/diag"
)

type lintCmd struct {
	Format string `enum:"text,json,github" default:"text" help:"text, json, or github (annotations of a workflow)."`
	Strict bool   `help:"Exit with 1 when there are warnings."`
}

func (lintCmd) Help() string {
	return `Errors exit with 2. Warnings exit with 0, or with 1 under --strict.

Examples:

  protogen lint                       with excerpts, for people
  protogen lint --format json         for programs
  protogen lint --format github       in a workflow`
}

// Run prints all findings.
func (c *lintCmd) Run(e *env) error {
	m, found, err := e.load()
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		err = diag.PrintJSON(e.stdout, found)
	case "github":
		err = diag.PrintGitHub(e.stdout, found)
	default:
		err = diag.PrintText(e.stdout, found, m.Tree)
	}
	if err != nil {
		return err
	}
	return c.verdict(e, len(found.Errors()), len(found.Warnings()))
}

func (c *lintCmd) verdict(e *env, errs, warnings int) error {
	text := fmt.Sprintf("%s, %s", plural(errs, "error"), plural(warnings, "warning"))
	switch {
	case errs > 0:
		return bad("%s", text)
	case warnings > 0 && c.Strict:
		return finding("%s", text)
	}
	if c.Format == "text" {
		fmt.Fprintln(e.stderr, text)
	}
	return nil
}
