package ibkrtest

import (
	"fmt"
	"strconv"

	"github.com/venuewire/venuewire/ibkr"
)

// Contract ids that the fake knows by name; any other one gets a name and a price of its own.
const (
	AAPL ibkr.ConID = 265598
	IBM  ibkr.ConID = 8314
)

// contract is something with a price.
type contract struct {
	id               ibkr.ConID
	symbol, company  string
	listing, secType string
	base             int64 // cents
}

var contracts = []contract{
	{AAPL, "AAPL", "APPLE INC", "NASDAQ.NMS", "STK", 271_71},
	{IBM, "IBM", "INTL BUSINESS MACHINES CORP", "NYSE", "STK", 189_60},
}

func contractOf(id ibkr.ConID) contract {
	for _, c := range contracts {
		if c.id == id {
			return c
		}
	}
	n := strconv.FormatInt(int64(id), 10)
	return contract{id, "C" + n, "CONTRACT " + n, "SMART", "STK", 10_00 + int64(id)%490_00}
}

// price is what the contract trades at in the n-th step of time, in cents: it wanders around its base, always the same.
func (c *contract) price(step int64) int64 { return c.base + noise(int64(c.id), step)%51 - 25 }

// noise is a number that looks random and never changes.
func noise(a, b int64) int64 {
	x := uint64(a)*0x9e3779b97f4a7c15 + uint64(b)*0xbf58476d1ce4e5b9
	x ^= x >> 31
	x *= 0x94d049bb133111eb
	x ^= x >> 29
	return int64(x >> 2)
}

func cents(v int64) string {
	if v < 0 {
		return "-" + cents(-v)
	}
	return fmt.Sprintf("%d.%02d", v/100, v%100)
}

// grouped spells a number as the venue does sizes: 1,300.
func grouped(v int64) string {
	if v < 1000 {
		return strconv.FormatInt(v, 10)
	}
	return grouped(v/1000) + fmt.Sprintf(",%03d", v%1000)
}

// priceOf is the price of a target: of a combination, that of its legs.
func priceOf(t *ibkr.Contract, step int64) int64 {
	if legs, ok := t.Legs.Get(); ok {
		sum := int64(0)
		for _, l := range legs {
			c := contractOf(l.Conid)
			sum += l.Ratio * c.price(step)
		}
		return sum
	}
	c := contractOf(t.Conid.Or(0))
	return c.price(step)
}

// fields spell what the fake has of a contract, by id; a field that is not here never comes.
var fields = map[string]func(c *contract, price, step int64) string{
	"31":   func(_ *contract, p, _ int64) string { return quoted(cents(p)) },
	"84":   func(_ *contract, p, _ int64) string { return quoted(cents(p - 2)) },
	"86":   func(_ *contract, p, _ int64) string { return quoted(cents(p + 2)) },
	"85":   func(c *contract, _, n int64) string { return quoted(grouped(100 * (1 + noise(int64(c.id)+1, n)%40))) },
	"88":   func(c *contract, _, n int64) string { return quoted(grouped(100 * (1 + noise(int64(c.id)+2, n)%40))) },
	"7059": func(c *contract, _, n int64) string { return quoted(grouped(1 + noise(int64(c.id)+3, n)%300)) },
	"82":   func(c *contract, p, _ int64) string { return quoted(cents(p - c.base + 1_50)) },
	"83": func(c *contract, p, _ int64) string {
		return strconv.FormatFloat(float64((p-c.base+1_50)*10000/c.base)/100, 'f', -1, 64)
	},
	"87":   func(*contract, int64, int64) string { return quoted("24.2M") },
	"7762": func(*contract, int64, int64) string { return quoted("24213377") },
	"70":   func(c *contract, _, _ int64) string { return quoted(cents(c.base + 1_25)) },
	"71":   func(c *contract, _, _ int64) string { return quoted(cents(c.base - 1_25)) },
	"7295": func(c *contract, _, _ int64) string { return quoted(cents(c.base)) },
	"7741": func(c *contract, _, _ int64) string { return quoted(cents(c.base - 1_50)) },
	"55":   func(c *contract, _, _ int64) string { return quoted(c.symbol) },
	"7051": func(c *contract, _, _ int64) string { return quoted(c.company) },
	"7221": func(c *contract, _, _ int64) string { return quoted(c.listing) },
	"6070": func(c *contract, _, _ int64) string { return quoted(c.secType) },
	"6509": func(*contract, int64, int64) string { return quoted("RpB") },
	"7184": func(*contract, int64, int64) string { return quoted("1") },
	"7087": func(*contract, int64, int64) string { return quoted("31.4%") },
	"7289": func(*contract, int64, int64) string { return quoted("") }, // no value
}

func quoted(s string) string { return strconv.Quote(s) }
