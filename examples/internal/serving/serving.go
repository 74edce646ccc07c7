// Package serving is what the examples share that serve a fake venue on a port.
package serving

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// frameLog bounds what a server that runs for long remembers.
const frameLog = 1000

// Flags say where to listen and for how long.
type Flags struct {
	listen   string
	duration time.Duration
	tls      bool
}

// Register adds the flags, with the address that is the default.
func Register(set *flag.FlagSet, listen string) *Flags {
	f := new(Flags)
	set.StringVar(&f.listen, "listen", listen, "address to listen on; port 0 is a free one")
	set.DurationVar(&f.duration, "duration", 0, "time to stop after; 0 is no limit")
	return f
}

// RegisterTLS adds the flag for TLS, for venues whose fake can do without.
func (f *Flags) RegisterTLS(set *flag.FlagSet) {
	set.BoolVar(&f.tls, "tls", false, "serve wss with a certificate of its own")
}

// Options are those of the server.
func (f *Flags) Options() []streamtest.ServerOption {
	opts := []streamtest.ServerOption{streamtest.OnAddress(f.listen), streamtest.WithFrameLog(frameLog)}
	if f.tls {
		opts = append(opts, streamtest.WithTLS())
	}
	return opts
}

// Until ends ctx when the time is over.
func (f *Flags) Until(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.duration <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, f.duration)
}

// Report prints what a server could not make sense of.
func Report(out io.Writer, server interface{ Problems() []string }) {
	for _, problem := range server.Problems() {
		fmt.Fprintln(out, "problem:", problem)
	}
}
