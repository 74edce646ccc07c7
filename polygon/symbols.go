package polygon

import (
	"errors"
	"fmt"
	"strings"
)

// All is the symbol that stands for all symbols of a feed. Options have no such thing for Q, FMV and LV.
const All Symbol = "*"

// Symbols spells names as the cluster wants them in a subscription:
//
//   - stocks and futures: as they are (AAPL, BRK.B, ESZ5)
//   - options and indices: with the prefix, which may be left out (O:SPY251219C00650000, I:SPX)
//   - forex: USD/JPY; also from USD-JPY, USDJPY and C:USDJPY
//   - crypto: BTC-USD; also from BTC/USD and X:BTC-USD. BTCUSD is an error, since nothing says where to cut.
//
// Blanks around a name are removed and [All] stays. A name that holds a comma, a blank or nothing is an error. No case is
// changed. A string that is to be sent untouched needs no spelling: Symbol("…").
func (c Cluster) Symbols(names ...string) ([]Symbol, error) {
	m, err := c.market()
	if err != nil {
		return nil, err
	}
	out := make([]Symbol, 0, len(names))
	var errs []error
	for _, name := range names {
		s, err := m.symbol(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("polygon: %q is no symbol of %s: %w", name, c, err))
			continue
		}
		out = append(out, s)
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

func (m *market) symbol(name string) (Symbol, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", errors.New("it is empty")
	case strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == ',' || r == '"' || r == 0x7f }):
		return "", errors.New("a symbol has no blank and no comma")
	case Symbol(name) == All:
		return All, nil
	}
	name, err := m.spell(name)
	return Symbol(name), err
}

// cutPrefix takes a prefix such as O: off, in either case.
func cutPrefix(name, prefix string) string {
	if len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
		return name[len(prefix):]
	}
	return name
}

func spellPlain(name string) (string, error) { return name, nil }

func spellOption(name string) (string, error) { return "O:" + cutPrefix(name, "O:"), nil }

func spellIndex(name string) (string, error) { return "I:" + cutPrefix(name, "I:"), nil }

func spellForex(name string) (string, error) {
	pair := cutPrefix(name, "C:")
	if len(pair) == 6 && !strings.ContainsAny(pair, "/-") {
		return pair[:3] + "/" + pair[3:], nil // codes of currencies have three letters
	}
	return spellPair(pair, "/", "USD/JPY")
}

func spellCrypto(name string) (string, error) {
	return spellPair(cutPrefix(name, "X:"), "-", "BTC-USD")
}

func spellPair(pair, sep, like string) (string, error) {
	from, to, ok := strings.Cut(strings.ReplaceAll(pair, "/", "-"), "-")
	if !ok || from == "" || to == "" || strings.Contains(to, "-") {
		return "", fmt.Errorf("it is no pair such as %s", like)
	}
	return from + sep + to, nil
}
