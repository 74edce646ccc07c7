package spectest

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// recording is where a venue's package keeps frames that it did not make up.
const recording = "testdata/frames.jsonl"

// Recorded is a line of testdata/frames.jsonl: a frame that went over a venue's socket or that a source prints.
type Recorded struct {
	// Dir is "in" or "out".
	Dir string
	// Frame is the frame; where it is no JSON, it stands as a JSON string.
	Frame json.RawMessage
	// Entry is the name in the specs of what the frame belongs to.
	Entry, Version string
	// Cluster is the connection that the frame came from, for venues where its names mean nothing without.
	Cluster string
	// Replay names the sequence that the frame is of, for those that mean something in their order alone.
	Replay string
	// Source says where the frame was found.
	Source string
	// Skip says why nothing decodes the frame: it is of an older protocol, or an abridged template.
	Skip string `json:"skip_reason"`
	// Line counts from 1.
	Line int `json:"-"`
}

// Recording reads testdata/frames.jsonl of the package under test.
func Recording(t testing.TB) (out []*Recorded) {
	t.Helper()
	data, err := os.ReadFile(recording)
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		r := &Recorded{Line: len(out) + 1}
		require.NoErrorf(t, json.Unmarshal(lines.Bytes(), r), "line %d", r.Line)
		out = append(out, r)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, out)
	return out
}

// EachRecorded runs a test for every frame of a direction that is not to be skipped.
func EachRecorded(t *testing.T, dir string, test func(t *testing.T, r *Recorded)) {
	t.Helper()
	for _, r := range Recording(t) {
		if r.Dir == dir && r.Skip == "" {
			t.Run(strconv.Itoa(r.Line)+" "+r.Cluster+r.Entry, func(t *testing.T) { test(t, r) })
		}
	}
}

// Bytes is the frame as it goes over the wire.
func (r *Recorded) Bytes(t testing.TB) []byte {
	t.Helper()
	if wire.Kind(r.Frame, 0) != '"' {
		return r.Frame
	}
	var text string
	require.NoError(t, json.Unmarshal(r.Frame, &text))
	return []byte(text)
}

// Encoder decodes a reply frame and encodes what it read; a negative code is the decoder's.
type Encoder func(d *wire.Decoder, frame []byte) (encoded string, code int)

// EncoderOf makes an Encoder of a generated reader.
func EncoderOf[T any](read func(v *T, d *wire.Decoder, frame []byte) int) Encoder {
	return func(d *wire.Decoder, frame []byte) (string, int) {
		var v T
		code := read(&v, d, frame)
		text, err := json.Marshal(v)
		if err != nil {
			return err.Error(), wire.ErrSyntax
		}
		return string(text), code
	}
}

// EncoderOfResult makes an Encoder of the type of a call's result.
func EncoderOfResult[T any](rpc *protocol.RPC) Encoder {
	return EncoderOf(func(v *T, d *wire.Decoder, frame []byte) int { return rpc.DecodeResult(d, frame, valueOf(v)) })
}

// Again decodes a payload into v and encodes that.
func Again(t testing.TB, v any, payload []byte) (encoded string) {
	t.Helper()
	require.NoError(t, json.Unmarshal(payload, v))
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
