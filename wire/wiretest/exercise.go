package wiretest

import (
	"bytes"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

const (
	// MutantsEnv is the environment variable that sets the number of mutants.
	MutantsEnv     = "VENUEWIRE_MUTANTS"
	defaultMutants = 2000
)

// Exercise runs a type through the whole harness with samples that it must
// accept, each one JSON value. The mutants, 2,000 unless [MutantsEnv] says
// else, are the same in every run.
func Exercise(t *testing.T, c Codec, samples ...string) {
	t.Helper()
	require.NotEmpty(t, samples, "%s: no sample", c.Name)
	for i, s := range samples {
		require.NoError(t, newBench(c).accept(s), "%s: sample %d\n%s", c.Name, i, s)
	}
	t.Run("truncated", func(t *testing.T) { truncated(t, c, samples) })
	t.Run("overwritten", func(t *testing.T) { overwritten(t, c, samples) })
	t.Run("oddities", func(t *testing.T) { oddities(t, c, samples) })
	t.Run("mutants", func(t *testing.T) { mutants(t, c, samples) })
}

// truncated cuts every sample at every offset. Scalars are left out: 12 cut is 1.
func truncated(t testing.TB, c Codec, samples []string) {
	w := newBench(c)
	for _, s := range samples {
		if kind := wire.Kind([]byte(s), 0); kind != '{' && kind != '[' && kind != '"' {
			continue
		}
		for n := range len(bytes.TrimRight([]byte(s), " \t\r\n")) {
			next := w.used.decode(&w.d, []byte(s[:n]))
			require.Negative(t, next, "%s accepts a frame cut at %d:\n%s", c.Name, n, s[:n])
		}
	}
}

// overwritten checks that a decoded value keeps nothing of its frame.
func overwritten(t testing.TB, c Codec, samples []string) {
	w := newBench(c)
	for _, s := range samples {
		b := []byte(s)
		require.Positive(t, w.used.decode(&w.d, b))
		before := string(w.used.Encode(nil))
		for i := range b {
			b[i] = 'x'
		}
		require.Equal(t, before, string(w.used.Encode(nil)), "%s keeps parts of the frame", c.Name)
	}
}

// mutants damages samples and checks each result.
func mutants(t testing.TB, c Codec, samples []string) {
	w := newBench(c)
	m := newMutator(c.Name, samples)
	for n := range mutantCount(t) {
		b := m.next()
		require.NoError(t, w.check(b, false), "%s: mutant %d\n%s", c.Name, n, b)
	}
}

func mutantCount(t testing.TB) int {
	text := os.Getenv(MutantsEnv)
	if text == "" {
		return defaultMutants
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, MutantsEnv)
	return n
}

// Fuzz adds the samples as seeds and checks every input as [Exercise] does with
// mutants.
func Fuzz(f *testing.F, c Codec, samples ...string) {
	f.Helper()
	for _, s := range samples {
		f.Add([]byte(s))
	}
	w := newBench(c)
	f.Fuzz(func(t *testing.T, b []byte) {
		require.NoError(t, w.check(b, false), "%s\n%s", c.Name, b)
	})
}

// accept checks that a sample is accepted and survives its encoding.
func (w *bench) accept(sample string) error {
	var d wire.Decoder
	if code := w.used.decode(&d, []byte(sample)); code < 0 {
		return &wire.FieldError{Type: w.codec.Name, Code: code}
	}
	return w.check([]byte(sample), true)
}

func seedOf(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}
