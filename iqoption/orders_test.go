package iqoption

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

const closedRest = `,"close_reason":"win","close_profit":55.8,"pnl":25.8`

// msgOf is the payload of a frame that position made.
func msgOf(frame string) string {
	_, msg, _ := strings.Cut(frame, `"msg":`)
	return strings.TrimSuffix(msg, "}")
}

func listed(positions ...string) string {
	return fmt.Sprintf(`{"positions":[%s],"total":%d,"limit":30}`, strings.Join(positions, ","), len(positions))
}

func TestFollowToTheClose(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.OnCall("binary-options.open-option", func(call *streamtest.Call) {
			require.NotEmpty(t, call.Session.Subscribed("portfolio.position-changed"), "subscribed before the order")
			call.Accept()
			call.Session.Push(position(5, 1, "open", "")) // overtakes the answer
			call.Session.Push(position(6, 1, "open", "")) // somebody else's
			call.Reply(optionReply(5))
		})
		f, err := c.OpenAndFollow(t.Context(), blitz())
		require.NoError(t, err)
		require.EqualValues(t, 5, f.Option().ID)
		require.Equal(t, []string{fmt.Sprintf(`{"user_id":%d,"user_balance_id":%d,"instrument_type":"blitz-option"}`, testUser, testBalance)},
			r.Sessions()[0].Subscribed("portfolio.position-changed"))
		r.Push(position(5, 3, "open", `,"pnl":1`))
		r.Push(position(5, 2, "open", `,"pnl":9`)) // late
		r.Push(position(5, 3, "open", `,"pnl":1`)) // again
		r.Push(position(6, 9, "closed", ""))
		r.Push(position(5, 4, "closed", closedRest))
		var versions []int64
		for p, err := range f.Updates(t.Context()) {
			require.NoError(t, err)
			versions = append(versions, p.Version)
		}
		require.Equal(t, []int64{1, 3, 4}, versions)
		p, err := f.Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, PositionResultWin, p.CloseReason)
		require.Equal(t, "55.8", p.CloseReturn.String())
		require.Empty(t, r.Sessions()[0].Subscribed("portfolio.position-changed"), "given back")
		require.NoError(t, f.Close(t.Context()))
	})
}

func TestFollowFindsACloseThatNobodyPushed(t *testing.T) {
	for name, tc := range map[string]struct {
		lose func(r *room)
		opts []stream.Option
	}{
		"after a reconnect":  {lose: func(r *room) { r.Fault(streamtest.Drop()) }},
		"when it is overdue": {lose: func(*room) { time.Sleep(time.Minute + overdueAfter) }},
		"after a push that does not decode": {lose: func(r *room) {
			r.Push(position(5, 2, "closed", `,"pnl":{}`))
			r.Push(position(6, 2, "open", ""))
		}},
		"after a full queue": {opts: []stream.Option{stream.WithQueue(2, stream.Fail)}, lose: func(r *room) {
			for i := range 4 {
				r.Push(position(6, i, "open", ""))
			}
			synctest.Wait()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				c := r.dial(tc.opts...)
				r.Reply("binary-options.open-option", optionReply(5))
				f, err := c.OpenAndFollow(t.Context(), blitz())
				require.NoError(t, err)
				r.Push(position(5, 1, "open", ""))
				next, stop := pull(t.Context(), f)
				defer stop()
				require.EqualValues(t, 1, next().Version)

				r.Reply("portfolio.get-positions", listed(msgOf(position(6, 1, "open", ""))))
				r.OnCall("portfolio.get-history-positions", func(call *streamtest.Call) {
					require.NotEmpty(t, call.Session.Subscribed("portfolio.position-changed"), "the pushes flow again")
					call.Accept()
					call.Reply(listed(msgOf(position(5, 0, "closed", closedRest))))
				})
				started := time.Now()
				tc.lose(r)
				p := next()
				require.Equal(t, PositionStatusClosed, p.Status)
				require.Equal(t, "55.8", p.CloseReturn.String())
				require.Contains(t, r.sent("portfolio.get-history-positions")[0], `"external_id":5`)
				require.LessOrEqual(t, time.Since(started), time.Minute+overdueAfter)
				if name != "when it is overdue" {
					require.Less(t, time.Since(started), 2*time.Second)
				}
			})
		})
	}
}

// pull takes updates one by one.
func pull(ctx context.Context, f *Follow) (next func() Position, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	return func() Position {
		for p, err := range f.Updates(ctx) {
			if err != nil {
				panic(err)
			}
			return p
		}
		panic("over")
	}, cancel
}

func TestFollowAsksAgainUntilItIsAnswered(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		asked := 0
		r.Reply("portfolio.get-positions", listed())
		r.OnCall("portfolio.get-history-positions", func(call *streamtest.Call) {
			call.Accept()
			switch asked++; asked {
			case 1:
				call.Refuse("5000", "not now")
			case 2:
				call.Session.Drop()
			case 3:
				call.Reply(listed()) // the history lags
			default:
				call.Reply(listed(msgOf(position(5, 8, "closed", closedRest))))
			}
		})
		f, err := c.FollowOption(t.Context(), PositionRef{InstrumentType: InstrumentTypeBlitz, ExternalID: 5})
		require.NoError(t, err)
		require.Nil(t, f.Option())
		started := time.Now()
		p, err := f.Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, PositionStatusClosed, p.Status)
		require.Equal(t, 4, asked)
		require.Less(t, time.Since(started), time.Minute)
	})
}

func TestFollowADigitalOptionByItsOrder(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.Reply("portfolio.get-positions", listed())
		r.Reply("portfolio.get-history-positions", listed())
		f, err := c.FollowOption(t.Context(), PositionRef{InstrumentType: InstrumentTypeDigital, OrderID: 15013221580})
		require.NoError(t, err)
		digital := func(id int, order, status string) string {
			return fmt.Sprintf(`{"name":"position-changed","microserviceName":"portfolio","msg":{"id":"d%d","external_id":%d,"user_id":%d,"instrument_type":"digital-option","status":"%s","version":%d,"raw_event":{"digital_options_position_changed1":{"order_ids":[%s]}}}}`,
				id, id, testUser, status, id, order)
		}
		done := make(chan Position, 1)
		go func() {
			p, err := f.Wait(t.Context())
			if err == nil {
				done <- p
			}
		}()
		synctest.Wait()
		r.Push(digital(1, "999", "closed"))
		r.Push(digital(2, "15013221580", "open"))
		r.Push(strings.Replace(digital(2, "", "closed"), `"raw_event"`, `"other"`, 1))
		p := <-done
		require.EqualValues(t, 2, p.ExternalID)
	})
}

func TestFollowEnds(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.Reply("binary-options.open-option", optionReply(5))
		f, err := c.OpenAndFollow(t.Context(), blitz())
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = f.Wait(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, c.Close(t.Context()))
		_, err = f.Wait(t.Context())
		require.ErrorIs(t, err, stream.ErrClosed)
	})
	t.Run("a refused order leaves no subscription", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			c := r.dial()
			r.Refuse("binary-options.open-option", "4119", "suspended")
			_, err := c.OpenAndFollow(t.Context(), blitz())
			require.ErrorIs(t, err, ErrActiveSuspended)
			require.Empty(t, r.Sessions()[0].Subscribed("portfolio.position-changed"))
		})
	})
	t.Run("before the order nothing is sent", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			c := r.dial()
			r.OnSubscribe("portfolio.position-changed", func(call *streamtest.Call) { call.Refuse("", "no") })
			_, err := c.OpenAndFollow(t.Context(), blitz())
			require.ErrorIs(t, err, stream.ErrNotSent)
			odd := blitz()
			odd.OptionTypeID = 77
			_, err = c.OpenAndFollow(t.Context(), odd)
			require.ErrorIs(t, err, stream.ErrNotSent)
			require.Empty(t, r.CallsOf("binary-options.open-option"))
			_, err = c.FollowOption(t.Context(), PositionRef{InstrumentType: InstrumentTypeBlitz})
			require.Error(t, err)
		})
	})
}

func TestReconcile(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.OnCall("binary-options.open-option", func(call *streamtest.Call) { call.Session.Drop() })
		time.Sleep(3 * time.Second)
		sent := time.Now()
		_, err := c.OpenOption(t.Context(), blitz())
		require.ErrorIs(t, err, stream.ErrOutcomeUnknown)

		record := func(id int64, opened time.Duration, status, rest string) string {
			return msgOf(position(id, 1, status, fmt.Sprintf(`,"open_time":%d%s`, sent.Add(opened).UnixMilli(), rest)))
		}
		direction := func(d string) string {
			return `,"raw_event":{"binary_options_option_changed1":{"option_id":1,"direction":"` + d + `"}}`
		}
		r.Reply("portfolio.get-positions", listed(
			record(1, 2*time.Second, "open", direction("put")),
			record(2, -time.Minute, "open", direction("call")),
			record(3, 4*time.Second, "open", direction("call")),
			strings.Replace(record(4, 0, "open", ""), `"invest":30`, `"invest":31`, 1),
			strings.Replace(record(5, 0, "open", ""), `"active_id":76`, `"active_id":77`, 1),
			record(6, 0, "open", direction("call")),
		))
		page := 0
		r.OnCall("portfolio.get-history-positions", func(call *streamtest.Call) {
			call.Accept()
			full := slices.Repeat([]string{record(9, 50*time.Second, "closed", "")}, 30)
			if page++; page == 2 {
				full = []string{record(7, time.Second, "closed", ""), record(3, 4*time.Second, "closed", ""), record(8, -time.Hour, "closed", "")}
			}
			call.Reply(listed(full...))
		})
		found, err := c.Reconcile(t.Context(), Attempt{Request: blitz(), SentAt: sent, Known: []int64{6}})
		require.NoError(t, err)
		ids := []int64{}
		for _, p := range found {
			ids = append(ids, p.ExternalID)
		}
		require.Equal(t, []int64{7, 3}, ids, "the nearest first; one of unknown direction counts")
		require.Equal(t, 2, page)

		r.Refuse("portfolio.get-positions", "5000", "no")
		_, err = c.Reconcile(t.Context(), Attempt{Request: blitz(), SentAt: sent})
		require.ErrorIs(t, err, ErrServiceFailure)
	})
}

func TestOpenPositionsArePaged(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.OnCall("portfolio.get-positions", func(call *streamtest.Call) {
			call.Accept()
			page := slices.Repeat([]string{msgOf(position(1, 1, "open", ""))}, 30)
			if strings.Contains(string(call.Request), `"offset":30,`) {
				page = []string{msgOf(position(5, 1, "open", ""))}
			}
			call.Reply(listed(page...))
		})
		p, err := c.openPositions(t.Context(), testBalance, InstrumentTypeBlitz, func(p *Position) bool { return p.ExternalID == 5 })
		require.NoError(t, err)
		require.EqualValues(t, 5, p.ExternalID)
	})
}

func TestTerms(t *testing.T) {
	decimal := func(s string) wire.Decimal {
		var d wire.Decimal
		require.NoError(t, d.UnmarshalJSON([]byte(s)))
		return d
	}
	for price, want := range map[string]int64{"292.196775": 292196775, "1.2": 1200000, "0.0000010": 1, "85000": 85000000000, "-1.5": -1500000, "-0.5": -500000} {
		require.Equal(t, wire.Some(want), PriceE6(decimal(price)), price)
	}
	for _, price := range []string{"0.0000001", "99999999999999999.5"} {
		require.False(t, PriceE6(decimal(price)).IsSet(), price)
	}
	active := OptionActive{}
	for commission, want := range map[string]int64{"14": 86, "0": 100, "11.0": 89} {
		active.Option.Profit.Commission = decimal(commission)
		got, ok := active.PayoutPercent()
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	for _, commission := range []string{"14.5", "-1", "101"} {
		active.Option.Profit.Commission = decimal(commission)
		_, ok := active.PayoutPercent()
		require.False(t, ok, commission)
	}
	init := InitData{Blitz: wire.Some(InitBlock{Actives: wire.Map[ActiveID, OptionActive]{{Key: 76, Value: OptionActive{Ticker: "b"}}}})}
	found, ok := init.Active(OptionTypeBlitz, 76)
	require.True(t, ok)
	require.Equal(t, "b", found.Ticker)
	_, ok = init.Active(OptionTypeTurbo, 76)
	require.False(t, ok)
}
