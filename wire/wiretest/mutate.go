package wiretest

import (
	"bytes"
	"math/rand/v2"
)

// mutator damages samples, a little or more, with a fixed seed.
type mutator struct {
	rand    *rand.Rand
	samples []string
}

func newMutator(name string, samples []string) *mutator {
	return &mutator{rand: seedOf(name), samples: samples}
}

// oddTokens are pieces that decoders get wrong: numbers at limits, escapes, cut
// tokens, structure in wrong places.
var oddTokens = []string{
	`null`, `true`, `false`, `0`, `-0`, `-1`, `1.0`, `1e2`, `1E-2`, `0.5`, `01`, `1.`, `.5`, `-`, `+1`, `1-1`, `1+1`, `1e`, `1e+`,
	`9007199254740993`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775808`, `18446744073709551616`,
	`1e400`, `1e-400`, `1e64`, `1e65`, `123456789012345678901234567890.12345678901234567890`, `1700000000.1234567891`,
	`""`, `"0"`, `"1"`, `"12.50"`, `"-"`, `"1,300"`, `"24.2M"`, `"true"`, `"\u0000"`, `"\ud800"`, `"\ud83d\ude00"`, `"\u12"`,
	`"\x"`, `"é"`, "\"\xff\"", "\"\x01\"", `"a\"b\\c"`, `"2026-04-29T13:30:00.5Z"`,
	`[]`, `{}`, `[[]]`, `[1,]`, `{"a":1,}`, `{"a" 1}`, `{"a":}`, `{,}`, `[,]`, `{"a":1,"a":2}`, `[null]`, `["a",1]`,
	` `, "\t\r\n ", "\x00", `,`, `:`, `"`, `\`, `}`, `]`, `{`, `[`, "\xef\xbb\xbf", "\u2028",
}

const oddBytes = "\"\\{}[]:,0123456789-+.eE tfnulras\x00\x1f\x7f\x80\xff"

// next returns a new damaged sample.
func (m *mutator) next() []byte {
	b := []byte(m.samples[m.rand.IntN(len(m.samples))])
	for range 1 + m.rand.IntN(3) {
		b = m.step(b)
	}
	return b
}

func (m *mutator) step(b []byte) []byte {
	if len(b) == 0 {
		return []byte(m.token())
	}
	i := m.rand.IntN(len(b))
	switch m.rand.IntN(10) {
	case 0:
		b[i] = oddBytes[m.rand.IntN(len(oddBytes))]
	case 1:
		b[i] = byte(m.rand.Uint32())
	case 2:
		return splice(b, i, min(len(b), i+1+m.rand.IntN(4)), "")
	case 3:
		return splice(b, i, i, m.token())
	case 4:
		return splice(b, i, i, string(b[i:min(len(b), i+1+m.rand.IntN(40))]))
	case 5:
		other := m.samples[m.rand.IntN(len(m.samples))]
		k := m.rand.IntN(len(other))
		return splice(b, i, min(len(b), i+m.rand.IntN(20)), other[k:min(len(other), k+m.rand.IntN(20))])
	case 6, 7:
		start, end := m.value(b, i)
		return splice(b, start, end, m.token())
	case 8:
		start, end := m.value(b, i)
		from, to := m.value(b, m.rand.IntN(len(b)))
		return splice(b, start, end, string(b[from:to]))
	case 9:
		return m.structure(b, i)
	}
	return b
}

// structure drops, doubles or replaces the structural byte at or behind i.
func (m *mutator) structure(b []byte, i int) []byte {
	const structural = `,:{}[]"`
	n := bytes.IndexAny(b[i:], structural)
	if n < 0 {
		return b
	}
	i += n
	pieces := []string{"", string(b[i:i+1]) + string(b[i:i+1]), structural[m.rand.IntN(len(structural)):][:1]}
	return splice(b, i, i+1, pieces[m.rand.IntN(len(pieces))])
}

func (m *mutator) token() string { return oddTokens[m.rand.IntN(len(oddTokens))] }

// value finds something like a scalar value around i, so that much of what comes
// out is valid JSON with another value.
func (m *mutator) value(b []byte, i int) (start, end int) {
	const edges = ",:[]{}"
	start = bytes.LastIndexAny(b[:i], edges) + 1
	if n := bytes.IndexAny(b[i:], edges); n >= 0 {
		return start, max(start, i+n)
	}
	return start, len(b)
}

func splice(b []byte, start, end int, piece string) []byte {
	out := make([]byte, 0, len(b)+len(piece))
	out = append(out, b[:start]...)
	out = append(out, piece...)
	return append(out, b[end:]...)
}
