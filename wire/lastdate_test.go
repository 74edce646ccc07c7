package wire_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// TestLastDate holds that a remembered date changes nothing of what is read and refused.
func TestLastDate(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var d wire.Decoder
	accepted := 0
	for range 50_000 {
		b := randomTime(r)
		want, wantNext := wire.RFC3339(b, 0)
		got, next := d.RFC3339(b, 0)
		require.Equal(t, wantNext, next, "%q", b)
		if wantNext > 0 {
			require.Equal(t, want, got, "%q", b)
			accepted++
		}
	}
	require.Greater(t, accepted, 10_000)
}

// randomTime writes a time of a few days, which are those where years and leap days change, sometimes spoilt.
func randomTime(r *rand.Rand) []byte {
	days := []string{"2024-05-19", "2024-02-29", "2023-02-29", "1969-12-31", "0001-01-01", "0000-12-31", "9999-12-31"}
	b := fmt.Appendf(nil, `"%s%c%02d:%02d:%02d`, days[r.IntN(len(days))], "TTTt "[r.IntN(5)], r.IntN(26), r.IntN(62), r.IntN(62))
	if n := r.IntN(12); n > 0 {
		b = fmt.Appendf(b, ".%0*d", n, r.IntN(10))
	}
	b = append(b, []string{"Z", "Z", "Z", "", "+02:00", "-00:30"}[r.IntN(6)]+`"`...)
	if r.IntN(4) == 0 {
		b[r.IntN(len(b))] = "0:9/-.TZ\" \x00"[r.IntN(11)]
	}
	if r.IntN(20) == 0 {
		b = b[:r.IntN(len(b))]
	}
	return b
}

func TestLastDateOfNothing(t *testing.T) {
	var d wire.Decoder
	_, next := d.RFC3339([]byte(`"`+strings.Repeat("\x00", 11)+`00:00:00Z"`), 0)
	require.Negative(t, next)
	day, next := d.RFC3339([]byte(`"1970-01-01T00:00:00Z"`), 0)
	require.Positive(t, next)
	require.True(t, day.Equal(time.Unix(0, 0)))
}
