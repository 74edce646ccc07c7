package iqoption

import (
	"fmt"
	"strings"
	"testing"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// history answers get-candles as the venue does: minutes from start on, with a hole in time that leaves none in the
// ids, up to the forming candle.
type history struct {
	start, hole int64 // Unix minutes; the hole is a day long
	first, last int64 // ids
}

func (h *history) at(id int64) int64 {
	minute := h.start + id - h.first
	if minute >= h.hole {
		minute += 24 * 60
	}
	return minute * 60
}

func (h *history) answer(c *streamtest.Call) {
	var req struct {
		FromID int64 `json:"from_id"`
		ToID   int64 `json:"to_id"`
		To     int64 `json:"to"`
		Count  int64 `json:"count"`
	}
	if err := json.Unmarshal(c.Request, &req); err != nil {
		panic(err)
	}
	var out []string
	for id := h.first; id <= h.last; id++ {
		from := h.at(id)
		if req.To == 0 && id >= req.FromID && id <= req.ToID || req.To != 0 && from <= req.To {
			out = append(out, fmt.Sprintf(`{"id":%d,"from":%d,"to":%d,"open":1,"close":1,"min":1,"max":1,"volume":0}`, id, from, from+60))
		}
	}
	if req.To != 0 {
		out = out[max(0, len(out)-int(req.Count)):]
	}
	c.Accept()
	c.Reply(`{"candles":[` + strings.Join(out, ",") + `]}`)
}

func TestHistoryCandles(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		now := time.Now().Unix() / 60
		h := &history{first: 500, last: 500 + 3599, start: now - 5039, hole: now - 4000}
		r.OnCall("get-candles", h.answer)
		r.Reply("get-first-candles", fmt.Sprintf(`{"candles_by_size":{"60":{"id":500,"from":%d,"to":%d,"open":1,"close":1,"min":1,"max":1,"volume":0}}}`, h.at(500), h.at(500)+60))
		collect := func(from, to int64) (ids []int64) {
			for candle, err := range c.HistoryCandles(t.Context(), 76, CandleSizeM1, time.Unix(from, 0), time.Unix(to, 0)) {
				require.NoError(t, err)
				ids = append(ids, candle.ID)
			}
			return ids
		}
		calls := len(r.CallsOf("get-candles"))
		all := collect(h.at(510), h.at(510+2999)+60)
		require.Len(t, all, 3000)
		require.Equal(t, []int64{510, 511, 3509}, []int64{all[0], all[1], all[2999]})
		require.Equal(t, 2+3, len(r.CallsOf("get-candles"))-calls)

		require.Equal(t, []int64{500, 501}, collect(h.at(500)-86400*400, h.at(501)+60), "before the oldest")
		require.Equal(t, []int64{4098}, collect(h.at(4098), h.at(4099)+3600), "the forming candle is not closed")
		require.Equal(t, []int64{601}, collect(h.at(600)+1, h.at(602)+59), "only those that lie within")
		require.Empty(t, collect(h.at(600), h.at(600)))
		require.Empty(t, collect(h.at(500)-7200, h.at(500)-3600))

		early := 0
		for range c.HistoryCandles(t.Context(), 76, CandleSizeM1, time.Unix(h.at(500), 0), time.Unix(h.at(4000), 0)) {
			if early++; early == 3 {
				break
			}
		}
		require.Equal(t, 3, early)
	})
}

func TestHistoryCandlesFails(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		failure := func() (err error) {
			for _, err = range c.HistoryCandles(t.Context(), 76, CandleSizeM1, time.Unix(0, 0), time.Unix(6000, 0)) {
			}
			return err
		}
		r.Refuse("get-candles", "4220", "no")
		require.ErrorIs(t, failure(), ErrValidation)

		r.OnCall("get-candles", func(call *streamtest.Call) {
			call.Accept()
			id := 5
			if !strings.Contains(string(call.Request), `"count"`) {
				id = 4000
			}
			call.Reply(fmt.Sprintf(`{"candles":[{"id":%d,"from":60,"to":120,"open":1,"close":1,"min":1,"max":1,"volume":0}]}`, id))
		})
		var odd *stream.ProtocolError
		require.ErrorAs(t, failure(), &odd, "candles that nobody asked for")
	})
}
