package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// methodSignatures finds methods in generated files and returns their signatures without receivers, in the order of
// names. What the user calls is shown as it was generated, not as it should have been.
func methodSignatures(files map[string][]byte, names []string) ([]string, error) {
	found := map[string]string{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, files[file], parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("the generated file does not parse: %w", err)
		}
		for _, d := range parsed.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !slices.Contains(names, fn.Name.Name) || found[fn.Name.Name] != "" {
				continue
			}
			if found[fn.Name.Name], err = signature(set, fn); err != nil {
				return nil, err
			}
		}
	}
	var out []string
	for _, name := range names {
		if s := found[name]; s != "" {
			out = append(out, s)
		}
	}
	return out, nil
}

func signature(set *token.FileSet, fn *ast.FuncDecl) (string, error) {
	bare := &ast.FuncDecl{Name: fn.Name, Type: fn.Type}
	var b bytes.Buffer
	if err := printer.Fprint(&b, set, bare); err != nil {
		return "", fmt.Errorf("print the signature of %s: %w", fn.Name.Name, err)
	}
	return strings.Join(strings.Fields(b.String()), " "), nil
}
