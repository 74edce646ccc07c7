// Protogen turns the YAML specs of trading venues' WebSocket protocols into typed Go clients.
//
// It is run in the root of a module that has a folder of specs:
//
//	go tool protogen generate
//
// Exit codes: 0 all is well, 1 a finding (stale files, lost coverage, warnings with --strict), 2 bad input or usage.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// The exit codes.
const (
	exitOK      = 0
	exitFinding = 1
	exitBad     = 2
)

type cli struct {
	Specs string `default:"specs" placeholder:"DIR" help:"Folder of the specs, one directory for each venue (default: specs)."`
	Out   string `default:"." placeholder:"DIR" help:"Folder that packages are generated into, the module's root (default: the working directory)."`

	Generate generateCmd `cmd:"" help:"Generate the Go packages, the coverage reports and the JSON Schema."`
	Lint     lintCmd     `cmd:"" help:"Check the specs."`
	Ls       lsCmd       `cmd:"" help:"List what the specs know."`
	Show     showCmd     `cmd:"" help:"Show everything that is known of one entry."`
	Coverage coverageCmd `cmd:"" help:"Show how much is known, typed and proven, or what changed since."`
	Schema   schemaCmd   `cmd:"" help:"Print the JSON Schema of the specs, for editors."`
	New      newCmd      `cmd:"" help:"Add an entry to the specs, to be filled in."`
	Version  versionCmd  `cmd:"" help:"Print the version of protogen."`
}

const description = `Turns YAML specs of trading venues' WebSocket protocols into typed Go clients.

Exit codes: 0 all is well, 1 a finding (stale files, lost coverage, warnings with --strict), 2 bad input or usage.`

// failure ends the program with a code. Without a text everything was said before.
type failure struct {
	code int
	text string
}

func (f *failure) Error() string { return f.text }

func bad(format string, args ...any) error {
	return &failure{exitBad, fmt.Sprintf(format, args...)}
}

func finding(format string, args ...any) error {
	return &failure{exitFinding, fmt.Sprintf(format, args...)}
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program: it writes to the given writers and returns the exit code. --help ends the process.
func run(args []string, stdout, stderr io.Writer) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("protogen"), kong.Description(description), kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		return report(err, stderr)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return report(bad("%v (see protogen --help)", err), stderr)
	}
	return report(ctx.Run(&env{specs: c.Specs, out: c.Out, stdout: stdout, stderr: stderr}), stderr)
}

func report(err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintf(stderr, "protogen: %s\n", text)
	}
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	return exitBad
}
