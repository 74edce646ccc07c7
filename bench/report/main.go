// Command report turns the output of the benchmarks, read from standard input, into a page of tables and a plot. Lines
// "meta: text" become the introduction of the page. See run.sh.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	page := flag.String("page", "RESULTS.md", "the `file` of the tables")
	plot := flag.String("plot", "results.svg", "the `file` of the plot")
	flag.Parse()
	if err := run(os.Stdin, *page, *plot); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, page, plot string) error {
	r, err := parse(in)
	if err != nil {
		return err
	}
	if len(r.rows) == 0 {
		return errors.New("no benchmarks in the input")
	}
	if err := os.WriteFile(page, markdown(r), 0o644); err != nil {
		return err
	}
	return os.WriteFile(plot, svg(r), 0o644)
}
