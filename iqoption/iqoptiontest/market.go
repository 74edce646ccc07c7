package iqoptiontest

import (
	"slices"
	"strconv"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

func (s *Server) getInitData(*peer, *streamtest.Call) answer {
	return data(streamtest.JSON(s.initData(time.Now())))
}

func (s *Server) getActive(_ *peer, c *streamtest.Call) answer {
	name := "active_id"
	if c.Version == "5.0" {
		name = "id"
	}
	id, _ := c.Field(name)
	a, ok := s.assetNamed(id)
	if !ok {
		return invalid(name, "is not a known asset")
	}
	v := a.record()
	return data(streamtest.JSON(v))
}

// assetNamed takes the id as text: filters spell it as a number or as a string.
func (s *Server) assetNamed(text string) (*asset, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, false
	}
	return s.assetOf(iqoption.ActiveID(id))
}

func (s *Server) getTradersMood(_ *peer, c *streamtest.Call) answer {
	var r iqoption.GetTradersMoodRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	a, ok := s.assetOf(r.AssetID)
	if !ok {
		return invalid("asset_id", "is not a known asset")
	}
	mood := a.mood(r.Instrument, time.Now())
	return data(streamtest.JSON(mood))
}

// mood follows from the price: traders believe in trends.
func (a *asset) mood(instrument iqoption.InstrumentType, at time.Time) iqoption.TradersMood {
	now := at.Truncate(time.Second).UnixMilli()
	trend := a.price(now) - a.price(now-minute)
	share := 0.5 + float64(trend)/float64(a.base)*500
	return iqoption.TradersMood{Instrument: instrument, AssetID: a.ID, CallShare: min(max(share, 0.05), 0.95)}
}

func (s *Server) getCommissions(_ *peer, c *streamtest.Call) answer {
	var r iqoption.GetCommissionsRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	if r.UserGroupID == 0 {
		return invalid("user_group_id", "user_group_id is required")
	}
	v := iqoption.Commissions{InstrumentType: r.InstrumentType, UserGroupID: r.UserGroupID, Items: []iqoption.Commission{}}
	for _, a := range s.assets {
		if payout, ok := a.payoutOf(r.InstrumentType); ok {
			item := iqoption.Commission{ActiveID: a.ID}
			item.Value.Set(wire.NewDecimal(100-payout, 0))
			v.Items = append(v.Items, item)
		}
	}
	return data(streamtest.JSON(v))
}

func (a *asset) payoutOf(family iqoption.InstrumentType) (int64, bool) {
	for kind, t := range termsOf {
		if t.family == family {
			return a.payout(kind)
		}
	}
	return 0, false
}

// filter holds the members of the filters of all feeds; ids may be numbers or text.
type filter struct {
	ActiveID       json.RawMessage         `json:"active_id"`
	AssetID        json.RawMessage         `json:"asset_id"`
	Size           iqoption.CandleSize     `json:"size"`
	Instrument     iqoption.InstrumentType `json:"instrument"`
	InstrumentType iqoption.InstrumentType `json:"instrument_type"`
	UserID         int64                   `json:"user_id"`
	UserGroupID    int64                   `json:"user_group_id"`
	UserBalanceID  iqoption.BalanceID      `json:"user_balance_id"`
}

// filters are what a session wants of a feed.
func (p *peer) filters(feed string) []filter {
	var out []filter
	for _, item := range p.session.Subscribed(feed) {
		var f filter
		if json.Unmarshal([]byte(item), &f) == nil {
			out = append(out, f)
		}
	}
	return out
}

func (s *Server) assetIn(raw json.RawMessage) (*asset, bool) {
	text, err := strconv.Unquote(string(raw))
	if err != nil {
		text = string(raw)
	}
	return s.assetNamed(text)
}

// tick streams prices.
func (s *Server) tick(at time.Time) {
	for _, p := range s.peersOf(nil) {
		s.tickCandles(p, at.UnixMilli())
		for _, f := range p.filters("candles-generated") {
			if a, ok := s.assetIn(f.ActiveID); ok {
				v := a.allCandles(at.UnixMilli())
				s.push(p.session, "quotes", "candles-generated", streamtest.JSON(v))
			}
		}
		for _, f := range p.filters("quote-generated") {
			if a, ok := s.assetIn(f.ActiveID); ok {
				v := a.quote(at)
				s.push(p.session, "quotes", "quote-generated", streamtest.JSON(v))
			}
		}
	}
}

func (s *Server) tickCandles(p *peer, at int64) {
	for _, f := range p.filters("candle-generated") {
		a, ok := s.assetIn(f.ActiveID)
		if !ok || !knownSize(f.Size) {
			continue // the venue confirms what it does not know and stays silent
		}
		for _, span := range a.spans(f.Size, at) {
			v := a.live(span, at)
			s.push(p.session, "quotes", "candle-generated", streamtest.JSON(v))
		}
	}
}

func (a *asset) quote(at time.Time) iqoption.Quote {
	p := a.price(at.UnixMilli())
	bid, ask := a.spread(p)
	return iqoption.Quote{ActiveID: a.ID, Time: at, Ask: ask, Bid: bid, Price: a.decimal(p), Phase: iqoption.PhaseTrading}
}

// second sends what comes every second: the clock, to sessions without login too, moods and values of positions.
func (s *Server) second(at time.Time) {
	for _, c := range s.Sessions() {
		s.push(c, "", "timeSync", wire.AppendUnixMs(nil, at))
	}
	for _, p := range s.peersOf(nil) {
		for _, f := range p.filters("traders-mood-changed") {
			if a, ok := s.assetIn(f.AssetID); ok {
				v := a.mood(f.Instrument, at)
				s.push(p.session, "", "traders-mood-changed", streamtest.JSON(v))
			}
		}
		s.pushStates(p, at)
	}
}

func (s *Server) heartbeat(at time.Time) {
	for _, c := range s.Sessions() {
		s.push(c, "", "heartbeat", wire.AppendUnixMs(nil, at))
	}
}

// pushCommissions tells who subscribed to it that the payouts of an asset have changed.
func (s *Server) pushCommissions(a *asset) {
	for _, p := range s.peersOf(nil) {
		for _, f := range p.filters("commission-changed") {
			payout, ok := a.payoutOf(f.InstrumentType)
			if !ok || !slices.Contains([]int64{0, groupID}, f.UserGroupID) {
				continue
			}
			v := iqoption.CommissionChanged{
				InstrumentType: f.InstrumentType, UserGroupID: groupID, ActiveID: a.ID,
				Commission: iqoption.CommissionValue{Value: wire.NewDecimal(100-payout, 0)},
			}
			s.push(p.session, "", "commission-changed", streamtest.JSON(v))
		}
	}
}
