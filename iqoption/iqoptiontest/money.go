package iqoptiontest

import (
	"math/bits"

	"github.com/venuewire/venuewire/wire"
)

// money counts millionths of a currency unit: venue decimals have no arithmetic.
type money int64

const unit money = 1_000_000

// moneyOf reads a decimal; digits beyond millionths are cut, false is a number that does not fit.
func moneyOf(d wire.Decimal) (money, bool) {
	coef, scale, neg, ok := d.Parts()
	if !ok {
		return 0, false
	}
	for ; scale > 6; scale-- {
		coef /= 10
	}
	for ; scale < 6; scale++ {
		hi, lo := bits.Mul64(coef, 10)
		if hi != 0 {
			return 0, false
		}
		coef = lo
	}
	if coef > 1<<62 {
		return 0, false
	}
	if neg {
		return -money(coef), true
	}
	return money(coef), true
}

// decimal is the amount without trailing zeros, as the venue writes amounts.
func (m money) decimal() wire.Decimal { return trimmed(int64(m), 6) }

// percent is a share of the amount, cut to hundredths of a currency unit.
func (m money) percent(n int64) money { return m * money(n) / 100 / (unit / 100) * (unit / 100) }

// trimmed is coef / 10^scale without trailing zeros.
func trimmed(coef int64, scale int) wire.Decimal {
	for scale > 0 && coef%10 == 0 {
		coef, scale = coef/10, scale-1
	}
	return wire.NewDecimal(coef, scale)
}
