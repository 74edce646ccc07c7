// Package bench measures what generated clients cost against other ways to read the same frames. It is a module of
// its own, so that what it compares with is no dependency of the library. See README.md.
package bench

//go:generate go tool protogen generate
