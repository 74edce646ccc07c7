package ibkr

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/venuewire/venuewire/stream"
)

// Quote is what arrived of one contract, as far as its subscriber asked for it. A field that did not arrive is
// unchanged: neither zero nor cleared. A field that arrived empty is null. Its JSON is that of the tick.
type Quote struct {
	Target Target
	Tick
}

// Quotes is a handle on the market data of some contracts, see [Client.SubscribeMarketData]. Its methods may be called
// from any goroutine.
type Quotes struct {
	ticks  *ticks
	feed   *stream.Sub[Target, MarketData] // keeps the latest view
	sub    *stream.Sub[Target, MarketData]
	wanted fieldSet

	mu    sync.Mutex
	held  []Target
	first []stream.Event[Quote] // full views that come before what is queued
	from  map[Target]uint64     // events up to here are part of the full view
	gap   *stream.Gap           // of events that held nothing for this handle
	more  uint64                // conflated in these
}

// fieldSet has a bit for each field.
type fieldSet [(1 << 8) / 64]uint64

func (s *fieldSet) add(f TickField)      { s[f>>6] |= 1 << (f & 63) }
func (s *fieldSet) has(f TickField) bool { return s[f>>6]>>(f&63)&1 != 0 }

// envelope are the members that each tick has beside what was asked for.
var envelope = [...]TickField{TickFieldServerID, TickFieldConIDEx, TickFieldConID, TickFieldUpdated}

// TickFields lists the fields that can be asked for: the whole catalogue.
func TickFields() []TickField {
	var out []TickField
	for f := TickField(0); f <= TickFieldLow13Week; f++ {
		if !slices.Contains(envelope[:], f) {
			out = append(out, f)
		}
	}
	return out
}

// SubscribeMarketData streams fields of contracts; it returns when something came of each of them. Per contract, the
// first event holds all that is known and later ones what changed, at most every 500 ms. The venue ends the stream in
// silence after 10 minutes; the client renews it before.
//
// The venue keeps one set of fields for each contract and login. Subscribers of one contract share its stream: on the
// wire is the union of their fields, and each of them sees its own. A full queue adds ticks up rather than lose a
// value; stream.WithQueue chooses otherwise. With a *stream.SubscribeError and a handle that is not nil, the handle is
// live for the other contracts.
func (c *Client) SubscribeMarketData(ctx context.Context, targets []Target, fields []TickField, opts ...stream.Option) (*Quotes, error) {
	if err := checkTargets(targets); err != nil {
		return nil, err
	}
	q := &Quotes{ticks: &c.ticks, from: make(map[Target]uint64)}
	params, err := q.params(fields)
	if err != nil {
		return nil, err
	}
	// The handle that keeps the view comes first, so that it has the full frame.
	q.hold(targets)
	feed, failed := c.DirectMarketData(ctx, targets, params, func(v *MarketData, m stream.Meta) { c.ticks.see(v, m) })
	if feed == nil {
		q.letGo(q.held)
		return nil, failed
	}
	q.feed = feed
	if q.sub, err = c.api.SubscribeMarketData(ctx, feed.Keys(), params, opts...); q.sub == nil {
		q.letGo(q.held)
		_ = feed.Close(ctx)
		return nil, errors.Join(failed, err)
	}
	q.begin(q.sub.Keys())
	return q, errors.Join(failed, err)
}

func (q *Quotes) params(fields []TickField) (p MarketDataParams, err error) {
	if len(fields) == 0 {
		return p, errors.New("ibkr: market data needs fields, such as ibkr.TickFieldLast")
	}
	for _, f := range fields {
		if f.String() == "(none)" || slices.Contains(envelope[:], f) {
			return p, errors.New("ibkr: market data has no field " + f.String() + " to ask for")
		}
		q.wanted.add(f)
		p.Fields = append(p.Fields, f.String())
	}
	return p, nil
}

// hold has the views of contracts kept, once each.
func (q *Quotes) hold(targets []Target) {
	q.mu.Lock()
	defer q.mu.Unlock()
	fresh := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(targets))), func(t Target) bool { return slices.Contains(q.held, t) })
	q.held = append(q.held, fresh...)
	q.ticks.hold(fresh)
}

func (q *Quotes) letGo(targets []Target) {
	q.mu.Lock()
	defer q.mu.Unlock()
	gone := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return !slices.Contains(q.held, t) })
	q.held = slices.DeleteFunc(q.held, func(t Target) bool { return slices.Contains(gone, t) })
	q.ticks.letGo(gone)
	for _, t := range gone {
		delete(q.from, t)
	}
}

// begin queues the full views of new contracts.
func (q *Quotes) begin(targets []Target) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range targets {
		data, m, ok := q.ticks.last(t)
		if !ok {
			continue
		}
		q.from[t] = m.Seq
		if q.cut(&data) {
			q.first = append(q.first, stream.Event[Quote]{Meta: m, Data: Quote{t, data}})
		}
	}
}

// cut leaves what this handle asked for and tells whether there is any of it.
func (q *Quotes) cut(t *Tick) bool {
	some := false
	t.Keep(func(f TickField) bool {
		own := q.wanted.has(f)
		some = some || own
		return own || slices.Contains(envelope[:], f)
	})
	return some
}

// Next returns the next event; it waits for one. It fails with ctx's error, with stream.ErrClosed after a regular close,
// or with what ended the handle.
func (q *Quotes) Next(ctx context.Context) (stream.Event[Quote], error) {
	if ev, ok := q.takeFirst(); ok {
		return ev, nil
	}
	for {
		ev, err := q.sub.Next(ctx)
		if err != nil {
			return stream.Event[Quote]{}, err
		}
		if out, ok := q.see(&ev); ok {
			return out, nil
		}
	}
}

func (q *Quotes) takeFirst() (ev stream.Event[Quote], ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.first) == 0 {
		return ev, false
	}
	ev, q.first = q.first[0], q.first[1:]
	return ev, true
}

// see makes of an event what this handle sees; false if that is nothing. What was lost then rides on the next one.
func (q *Quotes) see(ev *stream.Event[MarketData]) (out stream.Event[Quote], ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gap = joined(q.gap, ev.Gap)
	q.more += ev.Conflated
	from, fresh := q.from[ev.Data.Target]
	if fresh && ev.Seq <= from || !q.cut(&ev.Data.Value) {
		return out, false
	}
	delete(q.from, ev.Data.Target)
	out = stream.Event[Quote]{Meta: ev.Meta, Gap: q.gap, Conflated: q.more, Data: Quote{ev.Data.Target, ev.Data.Value}, Raw: ev.Raw}
	q.gap, q.more = nil, 0
	return out, true
}

// joined is a gap that holds two; either may be nil.
func joined(a, b *stream.Gap) *stream.Gap {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return &stream.Gap{Reason: a.Reason | b.Reason, Count: a.Count + b.Count}
}

// Events yields events until ctx ends (the last pair holds its error), the handle is closed (no error) or it fails (the
// last pair holds the cause). Leaving the loop keeps the subscription.
func (q *Quotes) Events(ctx context.Context) iter.Seq2[stream.Event[Quote], error] {
	return func(yield func(stream.Event[Quote], error) bool) {
		for {
			ev, err := q.Next(ctx)
			if err == stream.ErrClosed {
				return
			}
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

// Handle calls fn for every event, in order, on a goroutine of its own. It ends with ctx, with the handle or with the
// client. fn may block, call the client and close it, then best with the context it was given.
func (q *Quotes) Handle(ctx context.Context, fn func(context.Context, stream.Event[Quote])) {
	rest := func(ctx context.Context, ev stream.Event[MarketData]) {
		q.handleFirst(ctx, fn)
		if out, ok := q.see(&ev); ok {
			fn(ctx, out)
		}
	}
	go func() {
		q.handleFirst(ctx, fn)
		q.sub.Handle(ctx, rest)
	}()
}

func (q *Quotes) handleFirst(ctx context.Context, fn func(context.Context, stream.Event[Quote])) {
	for ctx.Err() == nil {
		ev, ok := q.takeFirst()
		if !ok {
			return
		}
		fn(ctx, ev)
	}
}

// LastTick is the merged view of a contract, as of now: the latest value of each field that this handle asked for. The
// meta data are those of the newest tick in it; an Epoch below that of Status says that the connection was lost since.
// It is false as long as nothing came.
func (q *Quotes) LastTick(t Target) (Quote, stream.Meta, bool) {
	data, m, ok := q.ticks.last(t)
	if !ok || !slices.Contains(q.sub.Keys(), t) || !q.cut(&data) {
		return Quote{}, stream.Meta{}, false
	}
	return Quote{t, data}, m, true
}

// Add subscribes more contracts; those that the handle has already are left alone. It returns when something came of
// each of them, or with a *stream.SubscribeError.
func (q *Quotes) Add(ctx context.Context, targets ...Target) error {
	if err := checkTargets(targets); err != nil {
		return err
	}
	had := q.sub.Keys()
	q.hold(targets)
	failed := q.feed.Add(ctx, targets...)
	var fresh []Target
	for _, t := range q.feed.Keys() {
		if !slices.Contains(had, t) {
			fresh = append(fresh, t)
		}
	}
	err := q.sub.Add(ctx, fresh...)
	live := q.sub.Keys()
	q.letGo(slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return slices.Contains(live, t) }))
	q.begin(slices.DeleteFunc(fresh, func(t Target) bool { return !slices.Contains(live, t) }))
	return errors.Join(failed, err)
}

// Remove gives contracts back; those that the handle does not have are ignored.
func (q *Quotes) Remove(ctx context.Context, targets ...Target) error {
	q.letGo(targets)
	return errors.Join(q.sub.Remove(ctx, targets...), q.feed.Remove(ctx, targets...))
}

// Targets returns the contracts of the handle.
func (q *Quotes) Targets() []Target { return q.sub.Keys() }

// Stats returns the counters of the handle; they count the ticks of its contracts, also those of other fields.
func (q *Quotes) Stats() stream.SubStats { return q.sub.Stats() }

// Err returns what ended the handle: nil while it lives and after a regular close.
func (q *Quotes) Err() error { return q.sub.Err() }

// Close gives the contracts back and ends the handle. It may be called more than once.
func (q *Quotes) Close(ctx context.Context) error {
	q.mu.Lock()
	held := slices.Clone(q.held)
	q.mu.Unlock()
	q.letGo(held)
	return errors.Join(q.sub.Close(ctx), q.feed.Close(ctx))
}
