// Package bench measures what generated clients cost against other ways to read the same frames. It is a module of
// its own, so that what it compares with is no dependency of the library. See README.md.
package bench

// The page about all venues that protogen writes beside the packages stands at the root of the repository already.
//go:generate go tool protogen generate --specs ../specs --out internal polygon
//go:generate rm -f internal/COVERAGE.md
