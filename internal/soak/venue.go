package main

import (
	"context"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// venue is a fake whose events are numbered.
type venue interface {
	name() string
	server() *streamtest.Server
	// dial makes the n-th client; open makes its handles.
	dial(ctx context.Context, n int, opts ...stream.Option) (*client, error)
	// symbols are those of the n-th client; no other client has them.
	symbols(n int) []string
	// read lists the events of a frame.
	read(frame []byte) []numbered
	// burst sends events to each session, of all that it has subscribed, in turn.
	burst(ctx context.Context, events int) error
	// made counts the events of a symbol that were ever made. It is not asked during a burst.
	made(symbol string) int64
	close()
}

// client is one socket of a venue.
type client struct {
	link    *stream.Link
	ledger  *ledger
	symbols []string
	open    func(ctx context.Context, symbols []string, opts ...stream.Option) (*handle, error)
}
