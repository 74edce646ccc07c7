package iqoptiontest

import (
	"slices"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/wire"
)

// terms are the rules of one kind of option.
type terms struct {
	kind     iqoption.OptionKind
	family   iqoption.InstrumentType
	grid     time.Duration // expiries are multiples of it; 0: they count from the order
	deadtime time.Duration // before the expiry, in which nobody can buy
	count    int64         // expiries on offer
	sizes    []int64       // seconds
	code     string        // in the venue's translations
}

// termsOf lists the rules by kind.
var termsOf = map[iqoption.OptionType]*terms{
	iqoption.OptionTypeTurbo:  {iqoption.OptionKindTurbo, iqoption.InstrumentTypeTurbo, time.Minute, 30 * time.Second, 5, []int64{60}, "front.TU"},
	iqoption.OptionTypeBinary: {iqoption.OptionKindBinary, iqoption.InstrumentTypeBinary, 15 * time.Minute, 5 * time.Minute, 4, []int64{900}, "front.B"},
	iqoption.OptionTypeBlitz:  {iqoption.OptionKindBlitz, iqoption.InstrumentTypeBlitz, 0, 0, 8, []int64{5, 10, 15, 30, 45, 60, 120, 300}, "front.BL"},
}

// Stakes that every asset takes, and how long before the expiry selling ends.
const (
	minStake        = 1 * unit
	maxStake        = 20_000 * unit
	buybackDeadtime = 3 * time.Second
)

// initData lists the assets with their terms as of now.
func (s *Server) initData(now time.Time) *iqoption.InitData {
	v := new(iqoption.InitData)
	v.Turbo.Set(s.initBlock(iqoption.OptionTypeTurbo, now))
	v.Binary.Set(s.initBlock(iqoption.OptionTypeBinary, now))
	v.Blitz.Set(s.initBlock(iqoption.OptionTypeBlitz, now))
	v.Currency.Set("USD")
	v.IsBuyback.Set(true)
	v.Groups.Set(wire.Map[int64, string]{{Key: 1, Value: "front.Forex"}, {Key: 16, Value: "front.Crypto"}})
	return v
}

func (s *Server) initBlock(kind iqoption.OptionType, now time.Time) iqoption.InitBlock {
	var b iqoption.InitBlock
	for _, a := range s.assets {
		if payout, ok := a.payout(kind); ok {
			b.Actives = append(b.Actives, wire.Pair[iqoption.ActiveID, iqoption.OptionActive]{
				Key: a.ID, Value: a.offer(termsOf[kind], payout, now),
			})
		}
	}
	return b
}

// offer is an asset with the terms of one kind of option.
func (a *asset) offer(t *terms, payout int64, now time.Time) iqoption.OptionActive {
	day := now.Truncate(24 * time.Hour)
	return iqoption.OptionActive{
		ID: a.ID, Name: "front." + a.Ticker, Description: "front." + a.Ticker, Ticker: a.Ticker, GroupID: a.Group,
		Exchange: "front.exchange_fake", MinStake: minStake.decimal(), MaxStake: maxStake.decimal(),
		StakeRange: iqoption.MinMax{Min: minStake.decimal(), Max: maxStake.decimal()},
		Precision:  int64(a.Precision), Enabled: true, IsSuspended: a.isSuspended(), IsBuyback: true,
		BuybackDeadtime: int64(buybackDeadtime / time.Second), Deadtime: int64(t.deadtime / time.Second),
		Sum: wire.Raw("1"), Schedule: []iqoption.TradingWindow{{Open: day, Close: day.AddDate(0, 0, 7)}},
		StartTime: time.UnixMilli(a.listed), Provider: "feed",
		Option: iqoption.OptionTerms{
			Profit:          iqoption.OptionProfit{Commission: wire.NewDecimal(100-payout, 0)},
			ExpirationTimes: slices.Clone(t.sizes), ExpirationSize: t.sizes[0], Count: t.count,
			StartTime: t.nearest(now),
		},
	}
}

// nearest is the next expiry that can still be bought.
func (t *terms) nearest(now time.Time) time.Time {
	if t.grid == 0 {
		return now.Add(time.Duration(t.sizes[0]) * time.Second)
	}
	return now.Add(t.deadtime).Truncate(t.grid).Add(t.grid)
}
