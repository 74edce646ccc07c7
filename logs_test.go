package venuewire_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// logMethods are the methods of a slog.Logger, with the number of their arguments that are no attributes.
var logMethods = map[string]int{"Debug": 1, "Info": 1, "Warn": 1, "Error": 1, "With": 0}

// isLogger tells a call of a logger from others by how loggers are reached in this module.
func isLogger(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "logger"
	case *ast.CallExpr:
		sel, ok := x.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Logger"
	}
	return false
}

// attributes lists the keys of attributes that a file logs: those of calls, and those that are gathered in args first.
func attributes(t *testing.T, file *ast.File) (keys []string) {
	t.Helper()
	add := func(list []ast.Expr) {
		for i := 0; i < len(list); i += 2 {
			lit, ok := list[i].(*ast.BasicLit)
			require.True(t, ok && i+1 < len(list), "attributes are pairs of a literal key and a value")
			key, err := strconv.Unquote(lit.Value)
			require.NoError(t, err)
			keys = append(keys, key)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				break
			}
			if first, known := logMethods[sel.Sel.Name]; known && isLogger(sel.X) {
				add(n.Args[first:])
			}
		case *ast.AssignStmt:
			add(gathered(n))
		}
		return true
	})
	return keys
}

// gathered are the elements of args := []any{…} and args = append(args, …), which a log call gets as args... later.
func gathered(n *ast.AssignStmt) []ast.Expr {
	if name, ok := n.Lhs[0].(*ast.Ident); !ok || name.Name != "args" {
		return nil
	}
	switch x := n.Rhs[0].(type) {
	case *ast.CompositeLit:
		return x.Elts
	case *ast.CallExpr:
		if fn, ok := x.Fun.(*ast.Ident); ok && fn.Name == "append" && len(x.Args) > 1 {
			return x.Args[1:]
		}
	}
	return nil
}

// TestLogAttributesAreDocumented holds the table of package stream to what the library logs.
func TestLogAttributesAreDocumented(t *testing.T) {
	used := map[string]string{}
	for _, root := range []string{"stream", "iqoption", "ibkr", "polygon", "kraken"} {
		require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil || !importsLogs(file) && !strings.Contains(page(t, name), "ogger") {
				return err
			}
			for _, key := range attributes(t, file) {
				used[key] = name
			}
			return nil
		}))
	}
	_, table, ok := strings.Cut(page(t, "stream/doc.go"), "// # Logs\n")
	require.True(t, ok)
	var documented []string
	for _, m := range regexp.MustCompile(`(?m)^//\t([a-z_]+) {2,}\S`).FindAllStringSubmatch(table, -1) {
		documented = append(documented, m[1])
	}
	require.NotEmpty(t, used)
	for key, name := range used {
		require.Contains(t, documented, key, "%s logs an attribute that stream/doc.go does not have", name)
	}
	for _, key := range documented {
		require.Contains(t, used, key, "stream/doc.go has an attribute that nobody logs")
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(documented))), len(documented))
}

func importsLogs(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"log/slog"` })
}
