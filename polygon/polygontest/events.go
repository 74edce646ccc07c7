package polygontest

import (
	"hash/fnv"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/wire"
)

// member is a member of a sample.
type member struct {
	name, value string
	role        role
	decimals    int
	base        float64 // of a price
}

// split takes the sample apart. The samples are constants, and a test reads them all.
func (s *shape) split() {
	b := []byte(s.sample)
	var d wire.Decoder
	i, more := wire.EnterObject(b, 0)
	for more {
		key, at := d.Key(b, i)
		if i = wire.Skip(b, max(at, 0)); at < 0 || i < 0 {
			return
		}
		m := member{name: string(key), value: string(b[at:i]), role: s.roles[string(key)]}
		m.base, _ = strconv.ParseFloat(m.value, 64) // text has none
		if _, digits, ok := strings.Cut(m.value, "."); ok {
			m.decimals = len(digits)
		}
		s.parts = append(s.parts, m)
		i, more = wire.NextMember(b, i)
	}
}

// symbolFor spells a symbol as the events of this shape do.
func (s *shape) symbolFor(c polygon.Cluster, symbol string) string {
	switch {
	case !s.loose:
		return symbol
	case c == polygon.ClusterForex:
		return "C:" + strings.ReplaceAll(symbol, "/", "")
	}
	return "X:" + symbol
}

// event makes up an event of a symbol. A bar is that of the last full window.
func (s *shape) event(symbol string, at time.Time, seq int64) string {
	out := make([]byte, 0, len(s.sample)+16)
	for i := range s.parts {
		m := &s.parts[i]
		out = append(out, "{,"[min(i, 1)])
		out = append(wire.AppendString(out, m.name), ':')
		if m.name == s.symbol {
			out = wire.AppendString(out, symbol)
			continue
		}
		out = s.value(out, m, symbol, at, seq)
	}
	return string(append(out, '}'))
}

func (s *shape) value(out []byte, m *member, symbol string, at time.Time, seq int64) []byte {
	ms := at.UnixMilli()
	end := ms
	if s.window > 0 {
		end = ms - ms%s.window
	}
	switch m.role {
	case keep:
		return append(out, m.value...)
	case roleNow:
		return strconv.AppendInt(out, ms, 10)
	case roleNanos:
		return strconv.AppendInt(out, at.UnixNano(), 10)
	case roleStart:
		return strconv.AppendInt(out, end-s.window, 10)
	case roleEnd:
		return strconv.AppendInt(out, end, 10)
	case roleSequence:
		return strconv.AppendInt(out, seq, 10)
	}
	return strconv.AppendFloat(out, m.price(symbol, end-s.window, end), 'f', m.decimals, 64)
}

// price is what a member of a price says, for a window or (from equal to) a moment. It follows from symbol and time alone.
func (m *member) price(symbol string, from, to int64) float64 {
	last := m.at(symbol, to)
	high, low := last, last
	if m.role == roleHigh || m.role == roleLow {
		for i := range int64(60) {
			p := m.at(symbol, from+(to-from)*i/60)
			high, low = max(high, p), min(low, p)
		}
	}
	switch m.role {
	case roleBid:
		return last * (1 - 1e-4)
	case roleAsk:
		return last * (1 + 1e-4)
	case roleOpen:
		return m.at(symbol, from)
	case roleHigh:
		return high
	case roleLow:
		return low
	}
	return last
}

// at is a sum of waves around the price of the sample.
func (m *member) at(symbol string, ms int64) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(symbol))
	phase := float64(h.Sum64()%1000) / 1000 * 2 * math.Pi
	t := float64(ms%86_400_000) / 1000
	return m.base * (1 + 0.004*math.Sin(t/611+phase) + 0.001*math.Sin(t/37+2*phase) + 0.0003*math.Sin(t/1.7+3*phase))
}
