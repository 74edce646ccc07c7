package iqoption

import (
	"strconv"
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// PriceE6 is a price as orders carry it, times a million. It is unset where the price has more than six decimals or
// does not fit, which is allowed: the venue takes orders without it.
func PriceE6(price wire.Decimal) wire.Opt[int64] {
	whole, frac, _ := strings.Cut(price.String(), ".")
	frac = strings.TrimRight(frac, "0")
	if len(frac) > 6 {
		return wire.None[int64]()
	}
	v, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 6-len(frac)), 10, 64)
	if err != nil {
		return wire.None[int64]()
	}
	return wire.Some(v)
}

// PayoutPercent is what a win gains in percent of the stake: 100 minus the commission, and what
// OpenOptionRequest.PayoutPercent wants. ok is false when the commission is no whole number from 0 to 100. It moves
// during the day and differs between blitz, turbo and binary.
func (v *OptionActive) PayoutPercent() (percent int64, ok bool) {
	commission, exact := v.Option.Profit.Commission.Int64()
	if !exact || commission < 0 || commission > 100 {
		return 0, false
	}
	return 100 - commission, true
}

// PayoutPercent is the payout that holds now, with which an order that failed with [ErrProfitRateChanged] may be
// decided on anew.
func (v *CommissionMismatch) PayoutPercent() int64 { return 100 - v.Result.ActualCommission.Commission }

// Active finds the terms of an asset for a kind of option; ok is false where the venue offers none.
func (v *InitData) Active(kind OptionType, id ActiveID) (active OptionActive, ok bool) {
	var block wire.Opt[InitBlock]
	switch kind {
	case OptionTypeBlitz:
		block = v.Blitz
	case OptionTypeTurbo:
		block = v.Turbo
	case OptionTypeBinary:
		block = v.Binary
	}
	b, _ := block.Get()
	return b.Actives.Get(id)
}

// InstrumentType is the family that positions of this kind of option belong to; "" for an unknown kind.
func (v OptionType) InstrumentType() InstrumentType {
	switch v {
	case OptionTypeBlitz:
		return InstrumentTypeBlitz
	case OptionTypeTurbo:
		return InstrumentTypeTurbo
	case OptionTypeBinary:
		return InstrumentTypeBinary
	}
	return ""
}

// binary is the record of a blitz, turbo or binary option; nil for other positions and where the venue sent none.
func (v *Position) binary() *RawBinary {
	if v.RawEvent.Binary != nil {
		return v.RawEvent.Binary
	}
	return v.RawEvent.FlatBinary
}

// orders lists the orders of a digital option; nil for other positions.
func (v *Position) orders() []int64 {
	switch {
	case v.RawEvent.Digital != nil:
		return v.RawEvent.Digital.OrderIDs
	case v.RawEvent.FlatDigital != nil:
		return v.RawEvent.FlatDigital.OrderIDs
	}
	return nil
}
