package stream_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// callFaults are those of calls and their replies.
var callFaults = []fault{
	{41, "reply-that-nobody-waits-for", "counts and drops it, and gives it to no other call", unknownReply},
	{42, "reply-after-the-timeout", "counts it as late, reports that of an order, and reuses its id for nothing", lateReply},
	{43, "reply-that-comes-twice", "counts and drops the second, which answers neither the next call nor another item", repeatedReply},
	{44, "reply-of-another-name-or-a-refusal", "says what was refused and why; an undecided order has an unknown outcome; an odd name is drift", oddReply},
	{45, "replies-out-of-order", "gives each of 100 concurrent calls its own", shuffledReplies},
	{46, "reply-of-the-previous-session", "drops it: ids go on counting and each session has its own calls", oldReply},
	{57, "order-cut-short", "is ErrNotSent or ErrOutcomeUnknown as far as it came, and on the wire once at most", cutOrders},
}

func unknownReply(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(p *peer, req request) bool {
			for _, id := range []string{`1000000`, `0`, `-1`, `"x"`, `18446744073709551617`} {
				p.send(`{"method":"get","id":%s,"success":true,"result":"nobody asked"}`, id)
			}
			return req.ID == 1 // the first one is never answered
		}
		c := v.client(stream.LinkConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		waiting := make(chan error, 1)
		go func() {
			_, err := c.Call(ctx, rpcGet, []byte(`{"n":1}`))
			waiting <- err
		}()
		synctest.Wait()
		reply, err := c.Call(t.Context(), rpcGet, []byte(`{"n":2}`))
		require.NoError(t, err)
		require.Contains(t, string(reply.Frames[0]), `{"n":2}`)
		require.ErrorIs(t, <-waiting, context.DeadlineExceeded, "none of them was for it")
		require.EqualValues(t, 10, c.Stats().StrayReplies)
		v.peer().send(`{"method":"get","id":2,"success":true,"result":"again"}`)
		synctest.Wait()
		require.EqualValues(t, 11, c.Stats().StrayReplies, "its call is over")
		require.Empty(t, c.Stats().Unknown, "a reply is nothing unknown")
		require.NoError(t, c.Close(t.Context()))
	})
}

func lateReply(t *testing.T) {
	t.Run("is reported", func(t *testing.T) {
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
	})
	t.Run("its id is not used again", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			w := testWire()
			w.IDs.Max = 4 // the venue's ids begin anew behind 4
			v.handle = func(_ *peer, req request) bool { return string(req.Params) == `{"mute":true}` }
			c := v.client(stream.LinkConfig{Protocol: w})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := c.Call(ctx, rpcGet, []byte(`{"mute":true}`))
			require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
			for n := range 30 {
				body := fmt.Sprintf(`{"n":%d}`, n)
				reply, err := c.Call(t.Context(), rpcGet, []byte(body))
				require.NoError(t, err)
				require.Contains(t, string(reply.Frames[0]), body)
			}
			used := map[int]int{}
			for _, r := range v.log() {
				used[r.ID]++
			}
			require.Equal(t, map[int]int{1: 1, 2: 10, 3: 10, 4: 10}, used, "1 still waits for its late reply")
			v.peer().send(`{"method":"get","id":1,"success":true,"result":"late"}`)
			synctest.Wait()
			require.EqualValues(t, 1, c.Stats().LateReplies)
			_, err = c.Call(t.Context(), rpcGet, nil)
			require.NoError(t, err)
			require.Equal(t, 1, v.log()[31].ID, "now it is free")
			require.NoError(t, c.Close(t.Context()))
		})
	})
	t.Run("without ids", func(t *testing.T) {
		bubble(t, repliesWithoutIDs)
	})
}

// repliesWithoutIDs: the oldest waiting call takes a reply, also one that was given up, but not for ever.
func repliesWithoutIDs(t *testing.T, v *venue) {
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
}

func repeatedReply(t *testing.T) {
	t.Run("of a call", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			v.handle = func(p *peer, req request) bool {
				p.answer(req)
				p.answer(req)
				return true
			}
			c := v.client(stream.LinkConfig{})
			for n := range 20 {
				body := fmt.Sprintf(`{"n":%d}`, n)
				reply, err := c.Call(t.Context(), rpcOrder, []byte(body))
				require.NoError(t, err)
				require.Contains(t, string(reply.Frames[0]), body)
			}
			synctest.Wait()
			require.EqualValues(t, 20, c.Stats().StrayReplies)
			require.Zero(t, c.Stats().LateReplies)
			require.NoError(t, c.Close(t.Context()))
		})
	})
	t.Run("of an item", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			v.handle = func(p *peer, req request) bool {
				for range 3 {
					p.send(`{"method":"batch","id":%d,"success":true,"result":{"item":"b"}}`, req.ID)
				}
				p.send(`{"method":"batch","id":%d,"success":false,"code":"E1","result":{"item":"a"}}`, req.ID)
				return true
			}
			c := v.client(stream.LinkConfig{})
			reply, err := c.Call(t.Context(), rpcBatch, []byte(`{"orders":[{"id":"a"},{"id":"b"}]}`))
			require.ErrorIs(t, err, errUnknownSymbol, "what became of a is not lost for a second b")
			require.Len(t, reply.Frames, 2)
			require.EqualValues(t, 2, c.Stats().StrayReplies)
			require.NoError(t, c.Close(t.Context()))
		})
	})
	t.Run("of a subscribe", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			v.handle = func(p *peer, req request) bool {
				p.answer(req)
				p.answer(req)
				return true
			}
			c := v.client(stream.LinkConfig{})
			sub, err := c.ticker.Subscribe(t.Context(), []string{"A", "B"}, "")
			require.NoError(t, err)
			require.NoError(t, sub.Close(t.Context()))
			synctest.Wait()
			require.Empty(t, c.Stats().Subscriptions)
			require.EqualValues(t, 4, c.Stats().StrayReplies)
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

func oddReply(t *testing.T) {
	t.Run("refused or undecided", func(t *testing.T) {
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
	})
	t.Run("of another name", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			c := v.client(stream.LinkConfig{})
			named := *rpcGet
			named.ReplyName = "got"
			_, err := c.Call(t.Context(), &named, nil)
			require.NoError(t, err, "the id has said whose it is")
			rows := c.Drift().Snapshot()
			require.Len(t, rows, 1)
			require.Equal(t, []string{"get", "get"}, []string{rows[0].Type, rows[0].Name}, "the call, and what its reply is called")
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

// shuffledReplies: 50 calls are lost with a session, 50 get their replies in any order, among others.
func shuffledReplies(t *testing.T) {
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
			if p.n == 1 {
				held = nil
				_ = p.NetConn().Close()
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

func oldReply(t *testing.T) {
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
