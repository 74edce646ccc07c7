package iqoptiontest

import (
	"maps"
	"strings"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/wire"
)

// Asset describes an asset of the fake.
type Asset struct {
	ID        iqoption.ActiveID
	Ticker    string
	Group     iqoption.ActiveGroup
	Price     wire.Decimal // around which it moves
	Precision int          // decimals of prices
	// Payouts are the percents that a win pays on top of the stake; an asset without a kind of option does not
	// offer it.
	Payouts map[iqoption.OptionType]int64
}

// Ids of the assets that a server has by default. Real ids change: no program should rely on them.
const (
	EURUSD    iqoption.ActiveID = 1
	EURUSDOTC iqoption.ActiveID = 76
	BTCUSD    iqoption.ActiveID = 816
)

// DefaultAssets returns the assets of a server without [WithAssets].
func DefaultAssets() []Asset {
	payouts := func(turbo, binary, blitz int64) map[iqoption.OptionType]int64 {
		return map[iqoption.OptionType]int64{
			iqoption.OptionTypeTurbo: turbo, iqoption.OptionTypeBinary: binary, iqoption.OptionTypeBlitz: blitz,
		}
	}
	return []Asset{
		{EURUSD, "EURUSD", iqoption.ActiveGroupForex, wire.NewDecimal(1_104_500, 6), 6, payouts(84, 82, 86)},
		{EURUSDOTC, "EURUSD-OTC", iqoption.ActiveGroupForex, wire.NewDecimal(1_180_000, 6), 6, payouts(87, 85, 89)},
		{BTCUSD, "BTCUSD", iqoption.ActiveGroupCrypto, wire.NewDecimal(850_000_000, 4), 4, payouts(80, 78, 82)},
	}
}

// newAsset makes an asset that trades since a time.
func newAsset(a Asset, seed uint64, tick time.Duration, listed time.Time) *asset {
	out := &asset{
		Asset: a, seed: mix(seed), tick: tick.Milliseconds(), listed: listed.UnixMilli(),
		minutes: make(map[int64]bar), payouts: maps.Clone(a.Payouts),
	}
	out.base, _ = out.scaled(a.Price)
	out.half = max(out.base/200_000, 1)
	return out
}

// scaled is a decimal as a whole number of the last decimal of prices; digits beyond it are cut.
func (a *asset) scaled(d wire.Decimal) (int64, bool) {
	coef, scale, neg, ok := d.Parts()
	for ; scale < a.Precision; scale++ {
		coef *= 10
	}
	for ; scale > a.Precision; scale-- {
		coef /= 10
	}
	if neg {
		return -int64(coef), ok
	}
	return int64(coef), ok
}

// decimal is a price without trailing zeros, as the venue writes prices.
func (a *asset) decimal(p int64) wire.Decimal { return trimmed(p, a.Precision) }

// e6 is a price in millionths.
func (a *asset) e6(p int64) int64 {
	for scale := a.Precision; scale != 6; {
		if scale < 6 {
			p, scale = p*10, scale+1
		} else {
			p, scale = p/10, scale-1
		}
	}
	return p
}

func (a *asset) payout(kind iqoption.OptionType) (percent int64, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	percent, ok = a.payouts[kind]
	return percent, ok
}

func (a *asset) isSuspended() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.suspended
}

// record is the asset as get-active answers it.
func (a *asset) record() iqoption.Active {
	left, right := a.Ticker, "USD"
	if name, _, _ := strings.Cut(a.Ticker, "-"); len(name) == 6 {
		left, right = name[:3], name[3:]
	}
	return iqoption.Active{
		ID: a.ID, Name: a.Ticker, Description: a.Ticker, IsVisible: true, IsPaused: a.isSuspended(),
		ActiveGroupID: a.Group, Precision: int64(a.Precision), PipScale: int64(max(a.Precision-1, 0)),
		TimeFrom: "00:00:00", TimeTo: "00:00:00", ExpirationDays: []int64{1, 1, 1, 1, 1, 1, 1},
		CurrencyLeftSide: left, CurrencyRightSide: right, Type: "Forex", IsOTC: strings.HasSuffix(a.Ticker, "-OTC"),
		MinQty: wire.NewDecimal(1, 0), QtyStep: wire.NewDecimal(1, 0),
	}
}
