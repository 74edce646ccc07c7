package stream_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// rig is a client of a venue and the fake that it talks to. The fake sends an event of the subscription now and then.
type rig struct {
	*streamtest.Server
	opts      []stream.Option // of the fake
	connect   func(ctx context.Context, opts []stream.Option) (*stream.Link, error)
	subscribe func(ctx context.Context, opts ...stream.Option) (*events, error)
	feed      string        // wire name of what is subscribed
	logsIn    bool          // there is a login on the socket
	silence   time.Duration // what the client bears
	close     func()

	link *stream.Link
	took *times
}

// events are those of one subscription, whatever their type.
type events struct {
	next  func(ctx context.Context) (stream.Meta, *stream.Gap, error)
	stats func() stream.SubStats
}

// subscription is what handles of all types have.
type subscription[T any] interface {
	Next(ctx context.Context) (stream.Event[T], error)
	Stats() stream.SubStats
}

func eventsOf[T any](sub subscription[T], err error) (*events, error) {
	if err != nil {
		return nil, err
	}
	return &events{stats: sub.Stats, next: func(ctx context.Context) (stream.Meta, *stream.Gap, error) {
		ev, err := sub.Next(ctx)
		return ev.Meta, ev.Gap, err
	}}, nil
}

// dialects are the forms of wire, each with a venue that speaks it.
var dialects = map[string]func() *rig{
	"rpc-envelope": iqOption, "event-array": polygonStocks, "text-topic": interactiveBrokers,
	"method-channel": krakenV2, "tuple-channel": krakenV1,
}

func iqOption() *rig {
	s := iqoptiontest.New(iqoptiontest.WithTick(time.Second), iqoptiontest.WithHistory(0))
	r := &rig{Server: s.Server, opts: s.Options(), feed: "candle-generated", logsIn: true, silence: 30 * time.Second, close: s.Close}
	var c *iqoption.Client
	r.connect = func(ctx context.Context, opts []stream.Option) (l *stream.Link, err error) {
		if c, err = iqoption.New(iqoption.StaticSSID(stream.NewSecret(s.NewSSID())), opts...); err != nil {
			return nil, err
		}
		return c.Link, c.Dial(ctx)
	}
	r.subscribe = func(ctx context.Context, opts ...stream.Option) (*events, error) {
		key := iqoption.CandlesKey{ActiveID: iqoptiontest.EURUSD, Size: iqoption.CandleSizeM1}
		return eventsOf(c.SubscribeCandles(ctx, []iqoption.CandlesKey{key}, opts...))
	}
	return r
}

func polygonStocks() *rig {
	s := polygontest.New(polygontest.WithMarket(10*time.Second), polygontest.WithConnections(0))
	r := &rig{Server: s.Server, opts: s.Options(), feed: "T", logsIn: true, silence: 40 * time.Second, close: s.Close}
	var c *polygon.Stocks
	r.connect = func(ctx context.Context, opts []stream.Option) (l *stream.Link, err error) {
		if c, err = polygon.DialStocks(ctx, s.Key(), opts...); err != nil {
			return nil, err
		}
		return c.Link, nil
	}
	r.subscribe = func(ctx context.Context, opts ...stream.Option) (*events, error) {
		return eventsOf(c.SubscribeTrades(ctx, []polygon.Symbol{"AAPL"}, opts...))
	}
	return r
}

func interactiveBrokers() *rig {
	s := ibkrtest.New(ibkrtest.WithTick(10 * time.Second))
	r := &rig{Server: s.Server, opts: s.Options(), feed: "smd", logsIn: true, silence: 30 * time.Second, close: s.Close}
	var c *ibkr.Client
	r.connect = func(ctx context.Context, opts []stream.Option) (l *stream.Link, err error) {
		if c, err = ibkr.New(opts...); err != nil {
			return nil, err
		}
		return c.Link, c.Dial(ctx)
	}
	r.subscribe = func(ctx context.Context, opts ...stream.Option) (*events, error) {
		return eventsOf(c.SubscribeMarketData(ctx, []ibkr.Target{ibkrtest.AAPL.Target()}, []ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldBid}, opts...))
	}
	return r
}

func krakenV2() *rig {
	s := krakentest.New(krakentest.WithTick(10 * time.Second))
	r := &rig{Server: s.Server, opts: s.Options(), feed: "ticker", silence: 15 * time.Second, close: s.Close}
	var c *kraken.Public
	r.connect = func(ctx context.Context, opts []stream.Option) (l *stream.Link, err error) {
		if c, err = kraken.NewPublic(opts...); err != nil {
			return nil, err
		}
		return c.Link, c.Dial(ctx)
	}
	r.subscribe = func(ctx context.Context, opts ...stream.Option) (*events, error) {
		return eventsOf(c.SubscribeTicker(ctx, []kraken.Symbol{"BTC/USD"}, kraken.TickerParams{}, opts...))
	}
	return r
}

func krakenV1() *rig {
	s := krakentest.NewV1(krakentest.WithTick(10 * time.Second))
	r := &rig{Server: s.Server, opts: s.Options(), feed: "ticker", silence: 15 * time.Second, close: s.Close}
	var c *krakenv1.Public
	r.connect = func(ctx context.Context, opts []stream.Option) (l *stream.Link, err error) {
		if c, err = krakenv1.NewPublic(opts...); err != nil {
			return nil, err
		}
		return c.Link, c.Dial(ctx)
	}
	r.subscribe = func(ctx context.Context, opts ...stream.Option) (*events, error) {
		return eventsOf(c.SubscribeTicker(ctx, []krakenv1.Pair{"XBT/USD"}, opts...))
	}
	return r
}

// inEveryDialect runs a test over each form of wire, in fake time. The fake must understand all that it gets.
func inEveryDialect(test func(t *testing.T, r *rig)) func(t *testing.T) {
	return func(t *testing.T) {
		for name, make := range dialects {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := make()
					defer r.close()
					defer r.end()
					test(t, r)
					r.end()
					require.Empty(t, r.Problems())
				})
			})
		}
	}
}

// end closes the client.
func (r *rig) end() {
	if r.link != nil {
		_ = r.link.CloseNow()
		<-r.link.Done()
	}
}

// times are those of what a client does.
type times struct {
	mu     sync.Mutex
	dials  []time.Time
	waits  []time.Duration
	causes []error
}

func (k *times) OnConnect(i stream.ConnectInfo) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dials = append(k.dials, time.Now().Add(-i.Took))
}

func (k *times) OnState(st stream.Status) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if st.State == stream.Waiting {
		k.waits = append(k.waits, time.Until(st.Until))
		k.causes = append(k.causes, st.Err)
	}
}

// look returns a copy of what is known.
func (k *times) look() (dials []time.Time, waits []time.Duration, causes []error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append(dials, k.dials...), append(waits, k.waits...), append(causes, k.causes...)
}

// dial connects the client, whose jitter is the most patient one unless opts say otherwise.
func (r *rig) dial(t *testing.T, opts ...stream.Option) error {
	r.took = new(times)
	all := append(append([]stream.Option{}, r.opts...), stream.WithRandom(func() float64 { return 1 }), stream.WithHooks(r.took))
	l, err := r.connect(t.Context(), append(all, opts...))
	if err == nil {
		r.link = l
	}
	return err
}

func (r *rig) mustDial(t *testing.T, opts ...stream.Option) {
	t.Helper()
	require.NoError(t, r.dial(t, opts...))
}

// await returns with the first status that fits.
func (r *rig) await(t *testing.T, fits func(stream.Status) bool) stream.Status {
	t.Helper()
	day, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
	defer cancel()
	for st := range r.link.Watch(day) {
		if fits(st) {
			return st
		}
	}
	require.FailNow(t, "it never came to that", "%+v", r.link.Status())
	return stream.Status{}
}

func (r *rig) awaitEpoch(t *testing.T, n uint64) {
	t.Helper()
	r.await(t, func(st stream.Status) bool { return st.State == stream.Ready && st.Epoch >= n })
}

func (r *rig) awaitWaiting(t *testing.T) stream.Status {
	t.Helper()
	return r.await(t, func(st stream.Status) bool { return st.State == stream.Waiting })
}

// asked counts the requests for the feed.
func (r *rig) asked(kind string) (n int) {
	for _, c := range r.Calls() {
		if c.Kind.String() == kind && c.Name == r.feed {
			n++
		}
	}
	return n
}

// gapOf reads until the first event of a session and returns the gap that it carries.
func (e *events) gapOf(t *testing.T, epoch uint64) *stream.Gap {
	t.Helper()
	hour, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for {
		m, gap, err := e.next(hour)
		require.NoError(t, err)
		require.LessOrEqual(t, m.Epoch, epoch)
		if m.Epoch == epoch {
			return gap
		}
		require.Nil(t, gap)
	}
}
