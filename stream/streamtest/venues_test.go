package streamtest_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
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

// rig is a client of a venue and its fake, with one subscription whose events the test numbers.
type rig struct {
	t      *testing.T
	server *streamtest.Server
	close  func() // ends the fake
	link   *stream.Link
	next   func(ctx context.Context) (n int64, gap *stream.Gap, err error)
	frame  string                          // of one event; %d is the number
	more   func(ctx context.Context) error // subscribes two more keys, which the venue confirms
	ended  *ends
}

// ends notes why sessions ended.
type ends struct {
	mu   sync.Mutex
	errs []error
}

func (e *ends) OnDisconnect(_ uint64, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.errs = append(e.errs, err)
}

func (e *ends) all() []error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.errs)
}

// The numbers of a test's own events: fakes that have prices of their own use none of them.
const firstNumber, numbers = 900_000, 100

func (r *rig) push(n int64) { r.server.Push(fmt.Sprintf(r.frame, firstNumber+n)) }

// take returns the next event of the test's own and whether anything was marked as lost before it.
func (r *rig) take() (n int64, gap bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	for {
		n, g, err := r.next(ctx)
		require.NoError(r.t, err)
		gap = gap || g != nil && g.Reason&stream.GapReconnect != 0
		if n >= firstNumber && n < firstNumber+numbers {
			return n - firstNumber, gap
		}
	}
}

// reading makes the next of a rig from a handle.
func reading[T any](handle interface {
	Next(context.Context) (stream.Event[T], error)
}, number func(*T) int64) func(context.Context) (int64, *stream.Gap, error) {
	return func(ctx context.Context) (int64, *stream.Gap, error) {
		ev, err := handle.Next(ctx)
		if err != nil {
			return 0, nil, err
		}
		return number(&ev.Data), ev.Gap, nil
	}
}

func iqoptionRig(r *rig) {
	srv := iqoptiontest.New()
	c, err := iqoption.Dial(r.t.Context(), srv.Login(), append(srv.Options(), stream.WithHooks(r.ended))...)
	require.NoError(r.t, err)
	candles := func(id iqoption.ActiveID) iqoption.CandlesKey {
		return iqoption.CandlesKey{ActiveID: id, Size: iqoption.CandleSizeM1}
	}
	sub, err := c.SubscribeCandles(r.t.Context(), []iqoption.CandlesKey{candles(iqoptiontest.EURUSDOTC)})
	require.NoError(r.t, err)
	r.server, r.close, r.link = srv.Server, srv.Close, c.Link
	r.next = reading(sub, func(v *iqoption.LiveCandle) int64 { return v.ID })
	r.frame = `{"name":"candle-generated","microserviceName":"quotes","msg":{"active_id":76,"size":60,"at":1770899119000000000,` +
		`"from":1770899100,"to":1770899160,"id":%d,"open":1.18,"close":1.18,"min":1.18,"max":1.18,"ask":1.18,"bid":1.18,"volume":0,"phase":"T"}}`
	r.more = func(ctx context.Context) error { return sub.Add(ctx, candles(1), candles(2)) }
}

func polygonRig(r *rig) {
	srv := polygontest.New()
	c, err := polygon.DialStocks(r.t.Context(), srv.Key(), append(srv.Options(), stream.WithHooks(r.ended))...)
	require.NoError(r.t, err)
	sub, err := c.SubscribeTrades(r.t.Context(), []polygon.Symbol{"AAPL"})
	require.NoError(r.t, err)
	r.server, r.close, r.link = srv.Server, srv.Close, c.Link
	r.next = reading(sub, func(v *polygon.StockTrade) int64 { return v.Sequence.Or(0) })
	r.frame = `[{"ev":"T","sym":"AAPL","i":"1","x":4,"p":215.97,"s":100,"t":1611082428813,"q":%d,"z":3}]`
	r.more = func(ctx context.Context) error { return sub.Add(ctx, "MSFT", "IBM") }
}

func ibkrRig(r *rig) {
	srv := ibkrtest.New()
	c, err := ibkr.Dial(r.t.Context(), append(srv.Options(), stream.WithHooks(r.ended))...)
	require.NoError(r.t, err)
	sub, err := c.SubscribeProfitAndLoss(r.t.Context())
	require.NoError(r.t, err)
	r.server, r.close, r.link = srv.Server, srv.Close, c.Link
	r.next = reading(sub, func(v *ibkr.ProfitAndLoss) int64 { return v.Value[0].Value.RowType })
	r.frame = `{"topic":"spl","args":{"DU1234567.Core":{"rowType":%d,"dpl":-58.28,"nl":1020000.0,"upl":4600.0,"el":1010000.0,"uel":1005353.88,"mv":37910.0}}}`
}

func krakenRig(r *rig) {
	srv := krakentest.New()
	c, err := kraken.DialPublic(r.t.Context(), append(srv.Options(), stream.WithHooks(r.ended))...)
	require.NoError(r.t, err)
	sub, err := c.SubscribeTrades(r.t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.TradesParams{})
	require.NoError(r.t, err)
	r.server, r.close, r.link = srv.Server, srv.Close, c.Link
	r.next = reading(sub, func(v *kraken.TradeUpdate) int64 { return v.Data[0].TradeID })
	r.frame = `{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"sell","price":65000.1,"qty":1,"ord_type":"market",` +
		`"trade_id":%d,"timestamp":"2023-09-25T07:49:37.708706Z"}]}`
	r.more = func(ctx context.Context) error { return sub.Add(ctx, "ETH/USD", "XRP/USD") }
}

func krakenV1Rig(r *rig) {
	srv := krakentest.NewV1()
	c, err := krakenv1.DialPublic(r.t.Context(), append(srv.Options(), stream.WithHooks(r.ended))...)
	require.NoError(r.t, err)
	sub, err := c.SubscribeTrades(r.t.Context(), []krakenv1.Pair{"XBT/USD"})
	require.NoError(r.t, err)
	r.server, r.close, r.link = srv.Server, srv.Close, c.Link
	r.next = reading(sub, func(v *krakenv1.Trades) int64 {
		n, _ := strconv.ParseInt(v.Value[0].Misc, 10, 64)
		return n
	})
	r.frame = `[993,[["354.04000000","0.28245396","1618678150.826417","s","m","%d"]],"trade","XBT/USD"]`
	r.more = func(ctx context.Context) error { return sub.Add(ctx, "ETH/USD", "XRP/USD") }
}

// lost waits until the session has ended and returns why.
func (r *rig) lost(sessions int) error {
	r.t.Helper()
	for range 20 * 60 {
		if errs := r.ended.all(); len(errs) > sessions {
			return errs[sessions]
		}
		time.Sleep(time.Second)
	}
	r.t.Fatal("the session goes on")
	return nil
}

// recovered waits until the client has its subscription again and gets events.
func (r *rig) recovered() {
	r.t.Helper()
	for range 20 * 60 {
		time.Sleep(time.Second)
		live := !slices.ContainsFunc(r.link.Stats().Subscriptions, func(s stream.SubscriptionStats) bool {
			return s.State != "live" && s.State != "assumed"
		})
		if live && r.link.Status().State == stream.Ready {
			r.push(numbers - 1)
			n, _ := r.take()
			require.EqualValues(r.t, numbers-1, n)
			return
		}
	}
	r.t.Fatalf("not recovered: %+v, %+v", r.link.Status(), r.link.Stats())
}

// cut checks that the session ended, that the client came back, and that the next event says that some may be missing.
func (r *rig) cut(f streamtest.Fault, events ...int64) error {
	r.t.Helper()
	before := len(r.ended.all())
	r.server.Fault(f)
	for _, n := range events {
		r.push(n)
	}
	err := r.lost(before)
	r.server.Fault(streamtest.Heal())
	for range 20 * 60 {
		if r.link.Status().State == stream.Ready && r.link.Status().Epoch > uint64(before)+1 {
			break
		}
		time.Sleep(time.Second)
	}
	time.Sleep(time.Minute) // subscribed again, whatever that takes
	r.push(7)
	n, gap := r.take()
	require.EqualValues(r.t, 7, n)
	require.True(r.t, gap, "nothing is marked as lost")
	return err
}

// effects has for every command what a client sees of it. The client is Ready before, and healed after it.
var effects = []struct {
	fault   streamtest.Fault
	replies bool // says something only where a venue confirms
	check   func(r *rig, f streamtest.Fault)
}{
	{fault: streamtest.Drop(), check: func(r *rig, f streamtest.Fault) { require.Error(r.t, r.cut(f)) }},
	{fault: streamtest.Reset(), check: func(r *rig, f streamtest.Fault) { require.ErrorIs(r.t, r.cut(f), syscall.ECONNRESET) }},
	{fault: streamtest.CloseWith(websocket.CloseServiceRestart, "restart"), check: func(r *rig, f streamtest.Fault) {
		var closed *stream.CloseError
		require.ErrorAs(r.t, r.cut(f), &closed)
		require.Equal(r.t, websocket.CloseServiceRestart, closed.Code)
		require.Equal(r.t, "restart", closed.Reason)
	}},
	{fault: streamtest.Truncate(), check: func(r *rig, f streamtest.Fault) {
		require.Error(r.t, r.cut(f, 1))
	}},
	{fault: streamtest.Stall(), check: func(r *rig, f streamtest.Fault) { require.ErrorIs(r.t, r.cut(f), stream.ErrSilent) }},
	{fault: streamtest.Mute(), check: func(r *rig, f streamtest.Fault) { require.ErrorIs(r.t, r.cut(f), stream.ErrSilent) }},
	{fault: streamtest.Garbage(), check: func(r *rig, f streamtest.Fault) {
		before := r.link.Stats()
		r.server.Fault(f)
		synctest.Wait()
		require.Equal(r.t, before.DecodeErrors+1, r.link.Stats().DecodeErrors)
		r.push(1)
		n, gap := r.take()
		require.EqualValues(r.t, 1, n)
		require.False(r.t, gap)
	}},
	{fault: streamtest.SlowLoris(10 * time.Millisecond), check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		began := time.Now()
		r.push(1)
		r.take()
		require.GreaterOrEqual(r.t, time.Since(began), time.Duration(len(r.frame))*10*time.Millisecond)
		r.server.Fault(streamtest.SlowLoris(time.Second)) // the answer to a handshake is longer than a dial may take
		r.server.Fault(streamtest.Drop())
		time.Sleep(2 * time.Minute)
		require.NotEqual(r.t, stream.Ready, r.link.Status().State)
		require.Greater(r.t, r.link.Status().Attempt, 1)
	}},
	{fault: streamtest.DelayEvents(5 * time.Second), check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		began := time.Now()
		r.push(1)
		r.take()
		require.Equal(r.t, 5*time.Second, time.Since(began))
	}},
	{fault: streamtest.ReorderEvents(2), check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		r.push(1)
		r.push(2)
		one, _ := r.take()
		two, _ := r.take()
		require.Equal(r.t, []int64{2, 1}, []int64{one, two})
	}},
	{fault: streamtest.DuplicateEvents(streamtest.All), check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		r.push(1)
		one, _ := r.take()
		two, _ := r.take()
		require.Equal(r.t, []int64{1, 1}, []int64{one, two})
	}},
	{fault: streamtest.DropFrames(1), check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		r.push(1)
		r.push(2)
		n, gap := r.take()
		require.EqualValues(r.t, 2, n)
		require.False(r.t, gap, "nobody can know")
	}},
	{fault: streamtest.DelayReplies(5 * time.Second), replies: true, check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		began := time.Now()
		require.NoError(r.t, r.more(r.t.Context()))
		require.Equal(r.t, 5*time.Second, time.Since(began))
	}},
	{fault: streamtest.ReorderReplies(2), replies: true, check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		require.NoError(r.t, r.more(r.t.Context()))
	}},
	{fault: streamtest.DuplicateReplies(streamtest.All), replies: true, check: func(r *rig, f streamtest.Fault) {
		r.server.Fault(f)
		before := len(r.server.Frames())
		require.NoError(r.t, r.more(r.t.Context()))
		synctest.Wait()
		require.True(r.t, repeated(r.server.Frames()[before:]))
		require.Equal(r.t, stream.Ready, r.link.Status().State)
	}},
}

// repeated tells whether a server sent some frame twice.
func repeated(frames []streamtest.Frame) bool {
	seen := map[string]bool{}
	for _, f := range frames {
		if f.Sent && seen[string(f.Data)] {
			return true
		}
		seen[string(f.Data)] = f.Sent
	}
	return false
}

// TestVenuesUnderFaults: every command does to a client of every venue what it says, and the client is well again when it
// is over.
func TestVenuesUnderFaults(t *testing.T) {
	venues := map[string]struct {
		start    func(*rig)
		confirms bool // subscriptions
	}{
		"iqoption": {iqoptionRig, true}, "polygon": {polygonRig, true}, "ibkr": {ibkrRig, false},
		"kraken": {krakenRig, true}, "krakenv1": {krakenV1Rig, true},
	}
	for venue, v := range venues {
		for _, e := range effects {
			if e.replies && !v.confirms {
				continue
			}
			t.Run(venue+"/"+e.fault.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := &rig{t: t, ended: new(ends)}
					v.start(r)
					defer r.close()
					defer func() { _ = r.link.CloseNow() }()
					time.Sleep(137 * time.Millisecond) // between the ticks of fakes
					synctest.Wait()
					e.check(r, e.fault)
					r.server.Fault(streamtest.Heal())
					r.recovered()
					require.NoError(t, r.link.Close(t.Context()))
				})
			})
		}
	}
}
