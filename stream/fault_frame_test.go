package stream_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// frameFaults are those of frames: of the socket here, of what frames say in the files beside this one.
var frameFaults = slices.Concat(socketFaults, payloadFaults, valueFaults)

var socketFaults = []fault{
	{23, "close-codes", "classes each code by the rules of the venue: back at once, after a cool-down, or never", closeCodes},
	{24, "illegal-frames", "ends the session with one error, answers 1002, delivers nothing behind the frame, and comes back", illegalFrames},
	{25, "frame-of-100-MB", "ends the session with ErrFrameTooBig and 1009 before it takes memory, and cools down the second time", frameTooBig},
	{26, "deflate-bomb", "asks for no compression, and refuses a venue that compresses unasked", deflateBomb},
	{27, "very-many-tiny-frames", "drops by the policy of the handle that is too slow, counts each, and loses none of another", tinyFrames},
}

func closeCodes(t *testing.T) {
	const reason = "so long — and thanks"
	retry, coolDownFor, never := protocol.CloseRetry, protocol.CloseCoolDown, protocol.ClosePermanent
	for _, tt := range []struct {
		code  int
		class protocol.CloseClass
		wait  time.Duration // at least
	}{
		{1000, retry, 0}, {1001, retry, 0}, {1005, retry, 0}, {1008, coolDownFor, 2 * coolDown}, {1011, retry, 0},
		{1012, retry, 0}, {1013, retry, 0}, {3000, retry, 0}, {3999, retry, 0}, {4000, retry, 0}, {4001, never, 0}, {4999, retry, 0},
	} {
		t.Run(fmt.Sprint(tt.code), func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				hook := new(goodbyes)
				c := v.client(stream.LinkConfig{}, stream.WithHooks(hook))
				answer := v.peer().awaitClose()
				start := time.Now()
				v.peer().closeWith(tt.code, reason)
				if tt.class == never {
					<-c.Done()
				} else {
					require.NoError(t, waitEpoch(t.Context(), c, 2))
					require.NoError(t, c.Err())
				}
				synctest.Wait()
				var closed *stream.CloseError
				require.Len(t, hook.said, 1)
				require.ErrorAs(t, hook.said[0], &closed)
				want := reason
				if tt.code == websocket.CloseNoStatusReceived {
					want = "" // such a frame has no payload
				}
				require.Equal(t, want, closed.Reason)
				require.Equal(t, tt.code, closed.Code)
				require.Equal(t, tt.class, closed.Class)
				switch tt.class {
				case retry:
					require.Equal(t, 250*time.Millisecond, time.Since(start))
				case coolDownFor:
					require.GreaterOrEqual(t, time.Since(start), tt.wait)
				default:
					require.ErrorAs(t, c.Err(), &closed)
					require.Equal(t, 1, v.dialCount())
				}
				echo := tt.code
				if echo == websocket.CloseNoStatusReceived {
					echo = websocket.CloseNormalClosure
				}
				require.EqualValues(t, echo, answer.Load(), "the frame is answered")
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
	t.Run("the venue's own default", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			w := testWire()
			w.Close.Default = protocol.CloseCoolDown
			c := v.client(stream.LinkConfig{Protocol: w})
			start := time.Now()
			v.peer().closeWith(4999, "")
			require.NoError(t, waitEpoch(t.Context(), c, 2))
			require.GreaterOrEqual(t, time.Since(start), coolDown)
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

// awaitClose remembers the code of the client's close frame.
func (p *peer) awaitClose() *atomic.Int32 {
	code := new(atomic.Int32)
	p.SetCloseHandler(func(n int, _ string) error {
		code.Store(int32(n))
		return nil
	})
	return code
}

// goodbyes keeps why sessions ended.
type goodbyes struct{ said []error }

func (h *goodbyes) OnDisconnect(_ uint64, err error) { h.said = append(h.said, err) }

// wsFrame is a frame of a server, as bytes.
func wsFrame(opcode byte, payload string) []byte {
	b := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n <= math.MaxUint16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

func tickFrame(symbol string, n int) []byte {
	return wsFrame(websocket.TextMessage, fmt.Sprintf(`{"channel":"ticker","symbol":%q,"n":%d}`, symbol, n))
}

func illegalFrames(t *testing.T) {
	const broken, tooBig = websocket.CloseProtocolError, websocket.CloseMessageTooBig
	frames := map[string]struct {
		raw    []byte
		answer int // close code; 0 is none
	}{
		"reserved bit 1":              {[]byte{0xC1, 2, '{', '}'}, broken},
		"reserved bit 2":              {[]byte{0xA1, 2, '{', '}'}, broken},
		"reserved bit 3":              {[]byte{0x91, 2, '{', '}'}, broken},
		"all reserved bits":           {[]byte{0xF1, 2, '{', '}'}, broken},
		"masked":                      {[]byte{0x81, 0x82, 1, 2, 3, 4, 'a', 'b'}, broken},
		"long control":                {append([]byte{0x89, 126, 0, 200}, make([]byte, 200)...), broken},
		"long close":                  {append([]byte{0x88, 126, 0, 200}, make([]byte, 200)...), broken},
		"fragmented ping":             {[]byte{0x09, 0}, broken},
		"fragmented close":            {[]byte{0x08, 0}, broken},
		"stray continuation":          {[]byte{0x80, 1, 'x'}, broken},
		"interleaved text":            {[]byte{0x01, 1, 'x', 0x81, 1, 'y'}, broken},
		"interleaved binary":          {[]byte{0x01, 1, 'x', 0x82, 1, 'y'}, broken},
		"length 2^62":                 {[]byte{0x81, 127, 0x40, 0, 0, 0, 0, 0, 0, 0}, tooBig},
		"length with the top bit":     {[]byte{0x81, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 0},
		"sum of lengths over 2^63":    {[]byte{0x01, 1, 'x', 0x80, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 0},
		"close with half a code":      {[]byte{0x88, 1, 3}, websocket.CloseNormalClosure}, // is taken for one without
		"close with a bad reason":     {[]byte{0x88, 4, 0x03, 0xE8, 0xC3, 0x28}, broken},
		"ping, then a reserved bit":   {[]byte{0x89, 1, 'p', 0xC1, 2, '{', '}'}, broken},
		"half a frame, then the rest": {[]byte{0x01, 2, '{', '"', 0xC0, 1, '}'}, broken},
	}
	for _, opcode := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		frames[fmt.Sprintf("opcode %d", opcode)] = struct {
			raw    []byte
			answer int
		}{[]byte{0x80 | opcode, 0}, broken}
	}
	for _, code := range []uint16{0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535} {
		frames[fmt.Sprintf("close code %d", code)] = struct {
			raw    []byte
			answer int
		}{binary.BigEndian.AppendUint16([]byte{0x88, 2}, code), broken}
	}
	for name, tt := range frames {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				hook := new(goodbyes)
				c := v.client(stream.LinkConfig{}, stream.WithHooks(hook))
				sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
				require.NoError(t, err)
				p := v.peer()
				answer := p.awaitClose()
				start := time.Now()
				all := append(append(tickFrame("A", 1), tt.raw...), tickFrame("A", 2)...)
				go func() { _, _ = p.NetConn().Write(all) }()
				require.NoError(t, waitEpoch(t.Context(), c, 2))
				require.Equal(t, 250*time.Millisecond, time.Since(start))
				synctest.Wait()
				require.Len(t, hook.said, 1)
				require.Error(t, hook.said[0])
				require.EqualValues(t, tt.answer, answer.Load())
				v.peer().tick("A", 3)
				for _, want := range []int{1, 3} {
					ev, err := sub.Next(t.Context())
					require.NoError(t, err)
					require.Equal(t, want, ev.Data.N)
				}
				require.Zero(t, c.Stats().DecodeErrors, "nothing of it was taken for a message")
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
}

// allocated is what a function takes of memory, whether it gives it back or not.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func frameTooBig(t *testing.T) {
	const size, limit = 100 << 20, 1 << 20
	header := func(first byte, n int) []byte {
		return binary.BigEndian.AppendUint64([]byte{first, 127}, uint64(n))
	}
	begin := header(0x01, 0)
	part := append(header(0x00, 1<<16), make([]byte, 1<<16)...)
	full := append(header(0x01, limit), make([]byte, limit)...)
	tests := map[string]struct {
		opts  []stream.Option
		write func(io.Writer) // until it is done, or the client has hung up
		bound int             // of what the client allocates
	}{
		"announced": {nil, func(w io.Writer) { _, _ = w.Write(header(0x81, size)) }, 1 << 20},
		"in fragments": {[]stream.Option{stream.WithReadLimit(limit)}, func(w io.Writer) {
			_, err := w.Write(begin)
			for n := 0; n < size && err == nil; n += 1 << 16 {
				_, err = w.Write(part)
			}
		}, 16 * limit},
		"in tiny fragments": {[]stream.Option{stream.WithReadLimit(limit)}, func(w io.Writer) {
			_, err := w.Write(full)
			for err == nil {
				_, err = w.Write([]byte{0x00, 1, ' '})
			}
		}, 16 * limit},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				c := v.client(stream.LinkConfig{}, tt.opts...)
				var answer *atomic.Int32
				for _, want := range []struct{ least, most time.Duration }{
					{0, 250 * time.Millisecond},           // once is an accident
					{coolDown, coolDown + 10*time.Second}, // twice is a habit
				} {
					epoch, p := c.Status().Epoch, v.peer()
					answer = p.awaitClose()
					took := allocated(func() {
						go tt.write(p.NetConn())
						for st := range c.Watch(t.Context()) {
							if st.State == stream.Waiting {
								require.ErrorIs(t, st.Err, stream.ErrFrameTooBig)
								require.GreaterOrEqual(t, time.Until(st.Until), want.least)
								require.LessOrEqual(t, time.Until(st.Until), want.most)
								break
							}
						}
					})
					require.LessOrEqual(t, took, uint64(tt.bound))
					synctest.Wait()
					require.EqualValues(t, websocket.CloseMessageTooBig, answer.Load())
					require.NoError(t, waitEpoch(t.Context(), c, epoch+1))
				}
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
	t.Run("at the limit", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			tick := string(tickFrame("A", 1)[2:])
			c := v.client(stream.LinkConfig{}, stream.WithReadLimit(1000))
			sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			require.NoError(t, err)
			v.peer().send("%s", tick+strings.Repeat(" ", 1000-len(tick)))
			_, err = sub.Next(t.Context())
			require.NoError(t, err)
			v.peer().send("%s", tick+strings.Repeat(" ", 1001-len(tick)))
			require.NoError(t, waitEpoch(t.Context(), c, 2))
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

// tinyFrames: the handle of A has 16 places and nobody reads it, that of B is read at leisure, a direct one sees all.
func tinyFrames(t *testing.T) {
	const frames, every = 20_000, 1000
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		slow, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(16, stream.DropOldest))
		require.NoError(t, err)
		other, err := c.ticker.Subscribe(t.Context(), []string{"B"}, "")
		require.NoError(t, err)
		seen, inOrder := 0, true
		_, err = c.ticker.Direct(t.Context(), []string{"A"}, "", func(v *tick, _ stream.Meta) {
			inOrder = inOrder && v.N == seen
			seen++
		})
		require.NoError(t, err)
		var all []byte
		for n := range frames {
			all = append(all, tickFrame("A", n)...)
			if n%every == 0 {
				all = append(all, tickFrame("B", n/every)...)
			}
		}
		_, err = v.peer().NetConn().Write(all)
		require.NoError(t, err)
		synctest.Wait()
		require.Equal(t, frames, seen)
		require.True(t, inOrder)
		st := slow.Stats()
		require.EqualValues(t, frames, st.Events)
		require.EqualValues(t, frames-16, st.Dropped)
		require.Equal(t, 16, st.Queued)
		ev, err := slow.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, frames-16, ev.Data.N)
		require.Equal(t, &stream.Gap{Reason: stream.GapSlowConsumer, Count: frames - 16}, ev.Gap)
		for n := range frames / every {
			ev, err := other.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, n, ev.Data.N)
			require.Nil(t, ev.Gap)
		}
		require.NoError(t, c.Close(context.Background()))
	})
}
