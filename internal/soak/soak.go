package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// How the subscriptions are spread. Sessions are cut in turn, and with this many clients each stays for longer than it
// takes a link to think of itself as stable, so that back-off stays short.
const (
	polygonClients = 12
	krakenClients  = 4
	slowSymbols    = 10 // of a client are followed by the slow ones too
	settleWithin   = 2 * time.Minute
)

// slow are the consumers that do not keep up, one of each policy on every client. The one that blocks holds up all others
// of its client; it must keep up in the long run.
var slow = []struct {
	policy stream.Overflow
	each   time.Duration
	opts   []stream.Option
}{
	{stream.Block, 500 * time.Microsecond, []stream.Option{stream.WithQueue(16, stream.Block)}},
	{stream.DropOldest, 10 * time.Millisecond, []stream.Option{stream.WithQueue(64, stream.DropOldest)}},
	{stream.DropNewest, 10 * time.Millisecond, []stream.Option{stream.WithQueue(64, stream.DropNewest)}},
	{stream.Conflate, 20 * time.Millisecond, []stream.Option{stream.WithQueue(64, stream.Conflate)}},
	{stream.Fail, 10 * time.Millisecond, []stream.Option{stream.WithQueue(64, stream.Fail)}},
}

// bench is everything that runs.
type bench struct {
	cfg       config
	venues    []venue
	clients   []*client
	owners    []venue // of the clients
	followers []*follower
	calm      atomic.Bool
	kicks     [len(kinds)]int
	work      sync.WaitGroup
	mu        sync.Mutex
	errs      []error
}

func soak(ctx context.Context, cfg config, out io.Writer) error {
	before := settledGoroutines()
	each := max(cfg.subscriptions/(polygonClients+krakenClients), 1)
	b := &bench{cfg: cfg, venues: []venue{newTrades(each), newSpot(krakenClients, each)}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	report, err := b.run(ctx, cancel)
	for _, v := range b.venues {
		v.close()
	}
	if err != nil {
		return err
	}
	report.left = settledGoroutines() - before
	return report.print(out)
}

// run sets everything up, loads it, waits until it is calm and counts.
func (b *bench) run(ctx context.Context, cancel context.CancelFunc) (*report, error) {
	defer b.end(cancel)
	began, watch := time.Now(), newMeter(b.cfg.duration)
	if err := b.dialAll(ctx); err != nil {
		return nil, err
	}
	if err := b.load(ctx, watch); err != nil {
		return nil, err
	}
	if err := b.settle(ctx); err != nil {
		return nil, err
	}
	cancel()
	b.work.Wait()
	if err := errors.Join(b.errs...); err != nil {
		return nil, err
	}
	return b.report(watch, time.Since(began)), nil
}

// end closes the clients, whatever happened.
func (b *bench) end(cancel context.CancelFunc) {
	cancel()
	b.work.Wait()
	for _, c := range b.clients {
		_ = c.link.CloseNow()
		<-c.link.Done()
	}
}

func (b *bench) dialAll(ctx context.Context) error {
	for _, v := range b.venues {
		n := polygonClients
		if v.name() == "kraken" {
			n = krakenClients
		}
		for i := range n {
			if err := b.dial(ctx, v, i); err != nil {
				return fmt.Errorf("%s: %w", v.name(), err)
			}
		}
	}
	return nil
}

func (b *bench) dial(ctx context.Context, v venue, n int) error {
	l := newLedger(v.read)
	c, err := v.dial(ctx, n, stream.WithHooks(l))
	if err != nil {
		return err
	}
	c.ledger = l
	b.clients, b.owners = append(b.clients, c), append(b.owners, v)
	for _, s := range c.symbols {
		if err := b.follow(ctx, c, &follower{policy: stream.DropOldest, symbols: []string{s}, opts: []stream.Option{stream.WithQueue(1024, stream.DropOldest)}}); err != nil {
			return err
		}
	}
	for _, s := range slow {
		f := &follower{policy: s.policy, slow: s.each, symbols: c.symbols[:min(slowSymbols, len(c.symbols))], opts: s.opts}
		if err := b.follow(ctx, c, f); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) follow(ctx context.Context, c *client, f *follower) error {
	f.calm, f.ledger, f.open, f.at = &b.calm, c.ledger, c.open, make(map[string]*place)
	for _, s := range f.symbols {
		f.at[s] = new(place)
	}
	h, err := c.open(ctx, f.symbols, f.opts...)
	if err != nil {
		return err
	}
	b.followers = append(b.followers, f)
	b.work.Go(func() {
		if err := f.run(ctx, h); err != nil && ctx.Err() == nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.errs = append(b.errs, err)
		}
	})
	return nil
}

// load sends bursts and cuts sessions until the time is over.
func (b *bench) load(ctx context.Context, watch *meter) error {
	ctx, cancel := context.WithTimeout(ctx, b.cfg.duration)
	defer cancel()
	var work sync.WaitGroup
	for _, v := range b.venues {
		work.Go(func() {
			for sleep(ctx, b.cfg.pause) == nil {
				_ = v.burst(ctx, b.cfg.burst) // ends with the time
			}
		})
	}
	work.Go(func() {
		for n := 0; sleep(ctx, b.cfg.kick) == nil; n++ {
			b.cut(ctx, n)
		}
	})
	work.Go(func() { watch.run(ctx) })
	work.Wait()
	return b.failed()
}

func (b *bench) failed() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.errs...)
}

// kinds are the ways in which sessions are cut.
var kinds = [...]struct {
	name string
	cut  func(*streamtest.Session)
}{
	{"dropped", (*streamtest.Session).Drop},
	{"closed with 1012", func(s *streamtest.Session) { s.Close(websocket.CloseServiceRestart, "restart") }},
	{"reset", (*streamtest.Session).Reset},
}

// cut ends the oldest session of a venue; the venues take turns as they have clients.
func (b *bench) cut(ctx context.Context, n int) {
	v := b.venues[0]
	if n%(polygonClients+krakenClients) >= polygonClients {
		v = b.venues[1]
	}
	if sessions := v.server().Sessions(); len(sessions) > 0 {
		kind := n % len(kinds)
		// In the middle of a burst, if one comes soon: between two of them nothing would be lost.
		for range 1000 {
			if sessions[0].Queued() > 0 || sleep(ctx, time.Millisecond) != nil {
				break
			}
		}
		kinds[kind].cut(sessions[0])
		b.kicks[kind]++
	}
}

// settle waits until all clients are well and have read everything, and sends one last round of events, on which the last
// gaps ride.
func (b *bench) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	b.calm.Store(true)
	if err := b.until(ctx, "all sessions are ready and all items live", b.well); err != nil {
		return err
	}
	if err := b.round(ctx); err != nil {
		return err
	}
	if err := b.until(ctx, "all is read and the queues are empty", func() bool { return b.arrived() && b.idle() }); err != nil {
		return err
	}
	if err := b.round(ctx); err != nil {
		return err
	}
	return b.until(ctx, "every consumer has the last events", b.caughtUp)
}

// round sends at least one event of each symbol.
func (b *bench) round(ctx context.Context) error {
	for i, v := range b.venues {
		if err := v.burst(ctx, 2*len(b.clients[i*polygonClients].symbols)); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) until(ctx context.Context, what string, ok func() bool) error {
	for !ok() {
		if err := b.failed(); err != nil {
			return err
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("waiting until %s: %w", what, err)
		}
	}
	return nil
}

// well tells whether every client has a session, which is not about to end, and all its items in it.
func (b *bench) well() bool {
	sessions := 0
	for _, v := range b.venues {
		sessions += len(v.server().Sessions())
	}
	if sessions != len(b.clients) {
		return false
	}
	for _, c := range b.clients {
		missing := func(s stream.SubscriptionStats) bool { return s.State != "live" && s.State != "assumed" }
		if c.link.Status().State != stream.Ready || slices.ContainsFunc(c.link.Stats().Subscriptions, missing) {
			return false
		}
	}
	return true
}

// arrived tells whether the last event of each symbol reached its client's socket.
func (b *bench) arrived() bool {
	for i, c := range b.clients {
		for _, s := range c.symbols {
			if c.ledger.last(s) != b.owners[i].made(s) {
				return false
			}
		}
	}
	return true
}

// idle tells whether every consumer has a handle and nothing queued.
func (b *bench) idle() bool { return !slices.ContainsFunc(b.followers, (*follower).behind) }

// caughtUp tells whether the last event of each symbol reached every consumer.
func (b *bench) caughtUp() bool {
	return b.arrived() && !slices.ContainsFunc(b.followers, func(f *follower) bool { return !f.caughtUp() })
}
