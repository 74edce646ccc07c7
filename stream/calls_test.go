package stream_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func TestConcurrentCallsGetTheirOwnReplies(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		var mu sync.Mutex
		var held []request
		rng := rand.New(rand.NewPCG(1, 2))
		v.handle = func(p *peer, req request) bool {
			mu.Lock()
			defer mu.Unlock()
			if held = append(held, req); len(held) < 50 {
				return true
			}
			if p.n == 1 && len(held) == 50 {
				held = nil
				_ = p.NetConn().Close() // half of them are lost with the session
				return true
			}
			rng.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
			for _, r := range held {
				p.send(`{"method":"get","id":%d,"success":true,"result":"nobody asked"}`, r.ID+100000)
				p.answer(r)
				p.answer(r) // and a second time
			}
			held = nil
			return true
		}
		c := v.client(stream.LinkConfig{})
		var good, unknown atomic.Int64
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				if i >= 50 {
					require.NoError(t, waitEpoch(ctx, c, 2))
				}
				body := fmt.Sprintf(`{"n":%d}`, i)
				reply, err := c.Call(ctx, rpcGet, []byte(body))
				if errors.Is(err, stream.ErrOutcomeUnknown) {
					unknown.Add(1)
					return
				}
				require.NoError(t, err)
				var got struct{ Result json.RawMessage }
				require.NoError(t, json.Unmarshal(reply.Frames[0], &got))
				require.Equal(t, body, string(got.Result))
				good.Add(1)
			})
		}
		all.Wait()
		require.EqualValues(t, 50, good.Load())
		require.EqualValues(t, 50, unknown.Load())
		synctest.Wait()
		require.EqualValues(t, 100, c.Stats().StrayReplies, "for unknown ids, and second ones")
		require.Zero(t, c.Stats().PendingCalls)
		require.NoError(t, c.Close(ctx))
	})
}

func TestReplyOfAnOldSessionFindsNobody(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		var first request
		v.handle = func(p *peer, req request) bool {
			if p.n == 1 {
				first = req
				_ = p.NetConn().Close()
				return true
			}
			p.answer(first)
			return false
		}
		c := v.client(stream.LinkConfig{})
		_, err := c.Call(ctx, rpcGet, []byte(`{"n":1}`))
		require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
		reply, err := c.Call(ctx, rpcGet, []byte(`{"n":2}`))
		require.NoError(t, err)
		require.Contains(t, string(reply.Frames[0]), `{"n":2}`)
		require.EqualValues(t, 1, c.Stats().StrayReplies)
		require.NoError(t, c.Close(ctx))
	})
}

func TestOrdersAndReads(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		v.set(func(v *venue) {
			v.onDial = func(ctx context.Context, _ int) (net.Conn, error) {
				time.Sleep(5 * time.Second)
				return nil, nil
			}
		})
		_ = v.peer().NetConn().Close()
		synctest.Wait()

		start := time.Now()
		_, err := c.Call(ctx, rpcOrder, []byte(`{}`))
		require.ErrorIs(t, err, stream.ErrNotSent)
		require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
		require.Zero(t, time.Since(start), "an order does not wait for a connection")
		var call *stream.CallError
		require.ErrorAs(t, err, &call)
		require.Equal(t, "order", call.Method)
		require.False(t, call.Sent)

		_, err = c.Call(ctx, rpcGet, []byte(`{}`))
		require.NoError(t, err, "a read waits")
		require.GreaterOrEqual(t, time.Since(start), 5*time.Second)
		_, err = c.Call(ctx, rpcOrder, []byte(`{}`))
		require.NoError(t, err)
		require.Len(t, v.requests("order"), 1)
		require.NoError(t, c.Close(ctx))
	})
}

func TestReadGivesUpWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.idleClient(stream.LinkConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Call(ctx, rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		fast := v.idleClient(stream.LinkConfig{}, stream.WithFailFast())
		_, err = fast.Call(t.Context(), rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		_, err = fast.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.ErrorIs(t, err, stream.ErrNotSent)
	})
}

// The session is cut at four points of an order. Nothing is ever sent twice.
func TestOrderCutAtEachPoint(t *testing.T) {
	gated := testWire()
	gated.Gate = &protocol.Ack{
		On: []protocol.Match{{Conds: []protocol.Cond{{Path: protocol.Path{"gate"}, Values: []protocol.Value{{JSON: "true"}}}}}},
		Ok: isSuccess("true"), Refused: isSuccess("false"),
	}
	gated.Errors.Ok = nil
	gate := `{"method":"order","id":%d,"gate":true,"success":true}`
	tests := []struct {
		name string
		cut  func(p *peer, req request) bool
		want error
	}{
		{"after write", func(p *peer, req request) bool { return p.NetConn().Close() == nil }, stream.ErrOutcomeUnknown},
		{"after gate", func(p *peer, req request) bool {
			p.send(gate, req.ID)
			return p.NetConn().Close() == nil
		}, stream.ErrOutcomeUnknown},
		{"in the reply", func(p *peer, req request) bool {
			p.send(gate, req.ID)
			_, _ = p.NetConn().Write([]byte{0x81, 40, '{', '"'})
			return p.NetConn().Close() == nil
		}, stream.ErrOutcomeUnknown},
		{"after the reply", func(p *peer, req request) bool {
			p.send(gate, req.ID)
			p.send(`{"method":"order","id":%d,"success":true,"result":1}`, req.ID)
			return p.NetConn().Close() == nil
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				v.handle = tt.cut
				c := v.client(stream.LinkConfig{Protocol: gated})
				reply, err := c.Call(t.Context(), rpcOrder, []byte(`{"qty":1}`))
				if tt.want == nil {
					require.NoError(t, err)
					require.Contains(t, string(reply.Frames[0]), `"result":1`)
				} else {
					require.ErrorIs(t, err, tt.want)
					require.NotErrorIs(t, err, stream.ErrNotSent)
					var call *stream.CallError
					require.ErrorAs(t, err, &call)
					require.True(t, call.Sent)
				}
				require.NoError(t, waitEpoch(t.Context(), c, 2))
				time.Sleep(time.Hour)
				require.Len(t, v.requests("order"), 1)
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
}

func TestCutWrapsItsCause(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(p *peer, _ request) bool { return p.NetConn().Close() == nil }
		c := v.client(stream.LinkConfig{})
		_, err := c.Call(t.Context(), rpcOrder, nil)
		require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
		var closed *stream.CloseError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, 1006, closed.Code)
	})
}

func TestRefusals(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		answers := map[string]string{
			"refused":   `{"method":"set","id":%d,"success":false,"code":"E2","error":"too busy"}`,
			"unlisted":  `{"method":"set","id":%d,"success":false,"code":"E77","error":"what"}`,
			"undecided": `{"method":"set","id":%d,"status":"?"}`,
		}
		v.handle = func(p *peer, req request) bool {
			var mode struct{ Mode string }
			_ = json.Unmarshal(req.Params, &mode)
			p.send(answers[mode.Mode], req.ID)
			return true
		}
		c := v.client(stream.LinkConfig{})
		call := func(rpc *protocol.RPC, mode string) error {
			_, err := c.Call(t.Context(), rpc, []byte(`{"mode":"`+mode+`"}`))
			return err
		}

		err := call(rpcSet, "refused")
		require.ErrorIs(t, err, errBusy)
		var refused *stream.VenueError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, stream.VenueError{Venue: "test", Method: "set", Code: "E2", Message: "too busy", Known: errBusy}, *refused)
		require.NotErrorIs(t, err, stream.ErrOutcomeUnknown, "a refusal is an outcome")
		require.EqualError(t, err, "test: set (request 1): refused: Busy (E2): too busy")

		err = call(rpcSet, "unlisted")
		require.ErrorAs(t, err, &refused)
		require.Nil(t, refused.Known)
		require.Equal(t, "E77", refused.Code)

		var odd *stream.ProtocolError
		require.ErrorIs(t, call(rpcSet, "undecided"), stream.ErrOutcomeUnknown)
		require.ErrorIs(t, call(rpcOrder, "undecided"), stream.ErrOutcomeUnknown)
		err = call(rpcGet, "undecided")
		require.ErrorAs(t, err, &odd)
		require.NotErrorIs(t, err, stream.ErrOutcomeUnknown, "a read changes nothing")
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestLateReply(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(p *peer, req request) bool {
			time.Sleep(3 * time.Second)
			return false
		}
		var got []stream.LateReply
		c := v.client(stream.LinkConfig{}, stream.WithLateReply(func(r stream.LateReply) { got = append(got, r) }))
		for _, rpc := range []*protocol.RPC{rpcOrder, rpcGet} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err := c.Call(ctx, rpc, []byte(`{"q":1}`))
			cancel()
			require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Zero(t, c.Stats().PendingCalls)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Len(t, got, 1, "of a read nobody has to know")
		require.Equal(t, "order", got[0].Method)
		require.Equal(t, "1", got[0].RequestID)
		require.Equal(t, 3*time.Second, got[0].After)
		require.NoError(t, got[0].Err)
		require.Contains(t, string(got[0].Frame), `"result":{"q":1}`)
		require.EqualValues(t, 2, c.Stats().LateReplies)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestReadOnlyAndOrderGuard(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{}, stream.WithReadOnly())
		for _, rpc := range []*protocol.RPC{rpcOrder, rpcSet, {Name: "unclassified"}} {
			_, err := c.Call(t.Context(), rpc, nil)
			require.ErrorIs(t, err, stream.ErrReadOnly)
			require.ErrorIs(t, err, stream.ErrNotSent)
		}
		_, err := c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)

		tooBig := errors.New("too big")
		var seen []string
		guarded := v.client(stream.LinkConfig{}, stream.WithOrderGuard(func(_ context.Context, r *protocol.RPC, body []byte) error {
			seen = append(seen, r.Name+string(body))
			if string(body) == `{"qty":9}` {
				return tooBig
			}
			return nil
		}))
		_, err = guarded.Call(t.Context(), rpcOrder, []byte(`{"qty":9}`))
		require.ErrorIs(t, err, tooBig)
		require.ErrorIs(t, err, stream.ErrNotSent)
		_, err = guarded.Call(t.Context(), rpcOrder, []byte(`{"qty":1}`))
		require.NoError(t, err)
		_, err = guarded.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		require.Equal(t, []string{`order{"qty":9}`, `order{"qty":1}`}, seen)
		require.Equal(t, []string{`{"qty":1}`}, v.requests("order"))
	})
}

func TestReplyForEachItem(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		whole := false
		v.handle = func(p *peer, req request) bool {
			if whole {
				p.send(`{"method":"batch","id":%d,"success":false,"code":"E2"}`, req.ID)
				return true
			}
			p.send(`{"method":"batch","id":%d,"success":true,"result":{"item":"b"}}`, req.ID)
			p.send(`{"method":"batch","id":%d,"success":false,"code":"E1","result":{"item":"a"}}`, req.ID)
			return true
		}
		c := v.client(stream.LinkConfig{})
		reply, err := c.Call(t.Context(), rpcBatch, []byte(`{"orders":[{"id":"a"},{"id":"b"}]}`))
		require.Len(t, reply.Frames, 2, "what was accepted must not be lost")
		var refused *stream.VenueError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "a", refused.Item)
		require.ErrorIs(t, err, errUnknownSymbol)

		whole = true
		_, err = c.Call(t.Context(), rpcBatch, []byte(`{"orders":[{"id":"a"},{"id":"b"}]}`))
		require.ErrorIs(t, err, errBusy, "one refusal of the whole ends the call")
	})
}

func TestCallWithoutReply(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		reply, err := c.Call(t.Context(), rpcFire, []byte(`{"x":1}`))
		require.NoError(t, err)
		require.Empty(t, reply.Frames)
		synctest.Wait()
		require.Equal(t, []string{`{"x":1}`}, v.requests("fire"))
		require.Zero(t, c.Stats().PendingCalls)
	})
}

func TestTooManyPendingCalls(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(*peer, request) bool { return true }
		c := v.client(stream.LinkConfig{})
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 1024 {
			all.Go(func() { _, _ = c.Call(ctx, rpcGet, nil) })
		}
		synctest.Wait()
		require.Equal(t, 1024, c.Stats().PendingCalls)
		_, err := c.Call(ctx, rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		cancel()
		all.Wait()
		v.set(func(v *venue) { v.handle = nil })
		_, err = c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err, "calls that were given up make room")
	})
}

func TestMiddlewareOrder(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var seen []string
		wrap := func(name string) stream.Option {
			return stream.WithMiddleware(func(next stream.Conn) stream.Conn {
				return tracer{next, func() { seen = append(seen, name) }}
			})
		}
		c := v.client(stream.LinkConfig{}, wrap("outer"), wrap("inner"))
		_, err := c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		require.Equal(t, []string{"outer", "inner"}, seen)
	})
}

type tracer struct {
	stream.Conn
	seen func()
}

func (x tracer) Call(ctx context.Context, r *protocol.RPC, body []byte) (stream.Reply, error) {
	x.seen()
	return x.Conn.Call(ctx, r, body)
}

func TestUnexpectedReplyNameIsDrift(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		named := *rpcGet
		named.ReplyName = "got"
		_, err := c.Call(t.Context(), &named, nil)
		require.NoError(t, err)
		rows := c.Drift().Snapshot()
		require.Len(t, rows, 1)
		require.Equal(t, "get", rows[0].Name)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Without ids the oldest waiting call takes a reply, also one that was given up, but not for ever.
func TestRepliesWithoutIDs(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		p := namedAcks()
		login := p.RPCs[0]
		var answer atomic.Bool
		v.handle = func(p *peer, _ request) bool {
			if answer.Load() {
				p.send(`{"method":"status","status":"auth_success"}`)
			}
			return true
		}
		c := v.client(stream.LinkConfig{Protocol: p})
		try := func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := c.Call(ctx, login, nil)
			return err
		}
		require.ErrorIs(t, try(), context.DeadlineExceeded)
		answer.Store(true)
		require.ErrorIs(t, try(), context.DeadlineExceeded, "the first reply is that of the first call")
		require.EqualValues(t, 1, c.Stats().LateReplies)
		time.Sleep(2 * time.Minute)
		require.NoError(t, try(), "the second call's reply is not expected any more")
		v.peer().send(`{"method":"status","status":"auth_failed","message":"expired"}`)
		synctest.Wait()
		require.EqualValues(t, 1, c.Stats().Unknown["any status"])
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestCloseNowFailsWhatWaits(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(*peer, request) bool { return true }
		c := v.client(stream.LinkConfig{})
		results := make(chan error, 3)
		go func() {
			_, err := c.Call(t.Context(), rpcOrder, nil)
			results <- err
		}()
		go func() {
			_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			results <- err
		}()
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			for range c.Watch(ctx) {
			}
			results <- stream.ErrClosed
		}()
		synctest.Wait()
		require.NoError(t, c.CloseNow())
		for range 3 {
			require.ErrorIs(t, <-results, stream.ErrClosed)
		}
		<-c.Done()
	})
}
