package stream_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// payloadFaults are those of the text of a frame.
var payloadFaults = []fault{
	{28, "invalid-utf8", "delivers the event with U+FFFD in place of the bytes, and counts it", invalidUTF8},
	{29, "binary-frame", "reads it like a text frame", binaryFrame},
	{30, "frames-that-are-none", "counts what cannot be read, tells the hook, keeps the last 64, and goes on", framesThatAreNone},
	{31, "truncated-and-trailing", "delivers nothing of an event that is cut off, and counts the frame", truncatedFrames},
	{32, "deep-nesting", "refuses what is nested too deep, with no more stack than for any frame", deepNesting},
	{33, "repeated-keys-and-other-case", "takes the last of repeated members, and tells members apart that differ by case", repeatedKeys},
	{39, "unknown-events", "counts them by a bounded number of names, keeps the last 64, tells the hook each", unknownEvents},
	{40, "one-bad-element-of-a-batch", "delivers the others in their order, with a gap where the bad one was", oneBadElement},
}

func invalidUTF8(t *testing.T) {
	eachScript(t, func(t *tape) {
		t.server.Push(t.event(t.fresh(), t.text, "\"a\x99b\xff\""))
		before, gap := t.wants()
		require.Nil(t, gap)
		require.Len(t, before, 1)
		require.Equal(t, "a\uFFFDb\uFFFD", t.value(before[0], t.text))
		require.Positive(t, t.drifted(wire.DriftInvalidUTF8))
		require.Zero(t, t.client.Stats().DecodeErrors)
	})
}

func binaryFrame(t *testing.T) {
	eachScript(t, func(t *tape) {
		mark := t.fresh()
		t.server.PushBinary([]byte(t.event(mark)))
		before, gap := t.wants()
		require.Nil(t, gap)
		require.Len(t, before, 1)
		require.Equal(t, mark, t.markOf(before[0]))
		require.Empty(t, t.client.Stats().Unknown)
	})
}

func framesThatAreNone(t *testing.T) {
	eachScript(t, func(t *tape) {
		whole := t.event(t.fresh())
		odd := []string{
			"", " ", "\r\n\t", "\x00", whole + "\x00", "\xef\xbb\xbf" + whole, "\xff\xfe", "{", "[", "}", "]", "[1,2", "{}", "[]", "[[]]", "[{}]", "[null]",
			`7`, `-1e5`, `"text"`, `true`, `null`, "nul", "pong", "<html>502</html>", `{"a"}`, `{"a":}`, `[,]`, `{'a':1}`, "\u00a0{}",
		}
		silent := 0 // an empty batch holds nothing that could be bad
		for _, frame := range odd {
			before := t.counted()
			t.server.Push(frame)
			got, _ := t.wants()
			require.Empty(t, withoutWhole(got, t, whole), frame)
			if t.counted() == before {
				silent++
				require.Contains(t, []string{"[]", "{}", "[{}]"}, frame, "neither read nor counted")
			}
		}
		require.GreaterOrEqual(t, t.counted(), len(odd)-silent)
		require.NotEmpty(t, t.client.Unknown())
		require.LessOrEqual(t, len(t.client.Unknown()), 64)
		require.Positive(t, t.hook.bad)
		require.EqualValues(t, t.client.Stats().DecodeErrors, t.hook.bad)
	})
	t.Run("on a wire of plain objects", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			var hook unknownHook
			c := v.client(stream.LinkConfig{}, stream.WithHooks(&hook))
			sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			require.NoError(t, err)
			p := v.peer()
			for _, frame := range []string{"", " ", "\x00", "{", "[1,2", `{"channel":5}`, "7"} {
				p.send("%s", frame)
			}
			p.tick("A", 1)
			ev, err := sub.Next(t.Context())
			require.NoError(t, err, "the stream goes on")
			require.Equal(t, 1, ev.Data.N)
			require.EqualValues(t, 7, c.Stats().DecodeErrors)
			require.Equal(t, 7, hook.bad)
			require.Len(t, c.Unknown(), 7)
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

// withoutWhole leaves out an event that stands whole in a damaged frame: that of a batch is delivered before the rest of
// the batch is read.
func withoutWhole(events []string, t *tape, whole string) (out []string) {
	for _, e := range events {
		if t.name != "polygon" || !strings.Contains(whole, t.value(e, t.mark)) {
			out = append(out, e)
		}
	}
	return out
}

// truncatedFrames: what is whole in front of the damage is delivered where a frame is a batch of events; no event is
// ever delivered in part.
func truncatedFrames(t *testing.T) {
	eachScript(t, func(t *tape) {
		whole := t.event(t.fresh(), t.text, t.literalText("x"))
		var damaged []string
		for n := range len(whole) {
			damaged = append(damaged, whole[:n])
		}
		for _, behind := range []string{"x", "]", "}", ",", `"`, "\x00", whole, " " + whole, "[", "//"} {
			damaged = append(damaged, whole+behind)
		}
		for _, frame := range damaged {
			before := t.counted()
			t.server.Push(frame)
			got, _ := t.wants()
			require.Empty(t, withoutWhole(got, t, whole), frame)
			for _, e := range got {
				require.Equal(t, "x", t.value(e, t.text), "whole")
			}
			require.Equal(t, before+1, t.counted(), frame)
		}
	})
}

// literalText is a text as JSON.
func (s *script) literalText(v string) string { return `"` + v + `"` }

func deepNesting(t *testing.T) {
	const depth = 1_000_000
	nest := func(open, inner, end string) string {
		return strings.Repeat(open, depth) + inner + strings.Repeat(end, depth)
	}
	eachScript(t, func(t *tape) {
		lists, objects := nest("[", "", "]"), nest(`{"a":`, "0", "}")
		hostile := []string{lists, objects, lists[:depth]}
		if !t.tuple {
			hostile = append(hostile, t.event(t.fresh(), "zz", lists), t.event(t.fresh(), t.text, objects))
		} else {
			hostile = append(hostile, t.event(t.fresh(), t.text, lists))
		}
		t.wants()
		for _, frame := range hostile {
			counted := t.counted()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			t.server.Push(frame)
			synctest.Wait()
			runtime.ReadMemStats(&after)
			require.Less(t, int64(after.StackInuse)-int64(before.StackInuse), int64(4<<20), "%.40s", frame)
			got, _ := t.wants()
			require.Empty(t, got, "%.40s", frame)
			require.Greater(t, t.counted(), counted, "%.40s", frame)
		}
	})
}

func repeatedKeys(t *testing.T) {
	eachScript(t, func(t *tape) {
		if t.tuple {
			t.Skip("places have no names")
		}
		mark := t.literal(fmt.Sprint(t.fresh()))
		// JSON of a member and, behind it, more members.
		t.server.Push(t.event(0, t.mark, `5`, t.number, `1.5`, "zz", `0,"`+t.mark+`":`+mark+`,"`+t.number+`":2.5`))
		for _, name := range []string{t.mark, t.number, t.text} {
			if upper := strings.ToUpper(name); !t.declares(upper) {
				t.server.Push(t.event(t.fresh(), upper, `"other"`))
			}
		}
		got, gap := t.wants()
		require.Nil(t, gap)
		require.Equal(t, "2.5", t.value(got[0], t.number), "the last one counts, as in encoding/json")
		require.Equal(t, fmt.Sprint(t.markOf(got[0])), mark)
		plain := t.number
		for _, e := range got[1:] {
			want := strings.TrimSpace(memberOf(t.members, plain))
			require.Equal(t, want, t.value(e, plain), "a member of another case is another member")
		}
		require.GreaterOrEqual(t, len(got), 2)
		require.Positive(t, t.drifted(wire.DriftRepeatedKey)+t.drifted(wire.DriftUnknownMember))
		require.Zero(t, t.client.Stats().DecodeErrors)
	})
}

func (s *script) declares(name string) bool { return memberOf(s.members, name) != "" }

func memberOf(members []member, name string) string {
	for _, m := range members {
		if m.name == name {
			return m.json
		}
	}
	return ""
}

func unknownEvents(t *testing.T) {
	eachScript(t, func(t *tape) {
		const names = 400
		for range 2 {
			for n := range names {
				t.server.Push(fmt.Sprintf(t.unknown, n))
			}
		}
		before, gap := t.wants()
		require.Empty(t, before)
		require.Nil(t, gap)
		require.Equal(t, 2*names, t.counted())
		require.Len(t, t.hook.kinds, 2*names)
		require.LessOrEqual(t, len(t.client.Stats().Unknown), 257, "names beyond 256 share one row")
		last := t.client.Unknown()
		require.Len(t, last, 64)
		require.Equal(t, strings.Trim(fmt.Sprintf(t.unknown, names-1), "[]"), strings.Trim(string(last[63].Bytes), "[]"))
		require.Zero(t, t.client.Stats().DecodeErrors)
	})
	t.Run("without what is secret", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			var hook unknownHook
			c := v.client(stream.LinkConfig{}, stream.WithHooks(&hook))
			v.peer().send(`{"channel":"news","password":"hush"}`)
			v.peer().send(`{"channel":"news","text":"%s"}`, strings.Repeat("x", 1<<20))
			synctest.Wait()
			require.EqualValues(t, 2, c.Stats().Unknown["push news"])
			require.NotContains(t, hook.text, "hush")
			require.NotContains(t, string(c.Unknown()[0].Bytes), "hush")
			require.LessOrEqual(t, len(c.Unknown()[1].Bytes), 4<<10)
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

type unknownHook struct {
	kinds []string
	bad   int
	text  string
	err   string // of the last one that could not be decoded
}

func (h *unknownHook) OnUnknown(kind string, f stream.Frame) {
	h.kinds = append(h.kinds, kind)
	if f.Size < 1<<16 {
		h.text += string(f.Bytes())
	}
}

func (h *unknownHook) OnDecodeError(err error, _ stream.Frame) {
	h.bad++
	h.err = err.Error()
}

// oneBadElement: an element of a batch is an event; of other frames all of the frame is.
func oneBadElement(t *testing.T) {
	eachScript(t, func(t *tape) {
		size, bad := 9, 4
		if t.closing() == "}}" {
			size, bad = 1, 0 // a venue that sends one event a frame
		}
		var rows []string
		first := t.marks + 1
		for n := range size {
			number := t.literal("1.5")
			if n == bad {
				number = `{}`
			}
			rows = append(rows, strings.TrimSuffix(strings.TrimPrefix(t.event(t.fresh(), t.number, number), t.opening()), t.closing()))
		}
		t.server.Push(t.opening() + strings.Join(rows, t.between()) + t.closing())
		got, gap := t.wants()
		require.NotNil(t, gap)
		require.Equal(t, stream.GapDecode, gap.Reason)
		require.EqualValues(t, 1, t.client.Stats().DecodeErrors)
		if t.name != "polygon" {
			require.Empty(t, got)
			return
		}
		require.Len(t, got, size-1)
		for i, e := range got {
			want := first + i
			if i >= bad {
				want++
			}
			require.Equal(t, want, t.markOf(e))
		}
	})
}

// A frame is an opening, rows and a closing.
func (s *script) opening() string {
	open, _, _ := strings.Cut(s.frame, "%s")
	return open
}

func (s *script) closing() string {
	_, end, _ := strings.Cut(s.frame, "%s")
	return end
}

func (s *script) between() string {
	if s.tuple {
		return "],["
	}
	return "},{"
}
