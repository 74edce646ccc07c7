package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

func (versionCmd) Help() string {
	return `Example:

  protogen version                    module version, revision and the Go that built it`
}

// Run prints what the binary knows of itself.
func (versionCmd) Run(e *env) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return bad("this binary has no build information; build it with go build or go install")
	}
	fmt.Fprintf(e.stdout, "protogen %s\n", moduleVersion(info))
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision", "vcs.time", "vcs.modified":
			fmt.Fprintf(e.stdout, "%s %s\n", s.Key, s.Value)
		}
	}
	fmt.Fprintf(e.stdout, "built with %s\n", info.GoVersion)
	return nil
}

// moduleVersion is the version of the module that protogen is in, which need not be the main one.
func moduleVersion(info *debug.BuildInfo) string {
	const module = "github.com/venuewire/venuewire"
	for _, d := range info.Deps {
		if d.Path == module {
			return d.Version
		}
	}
	if info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
