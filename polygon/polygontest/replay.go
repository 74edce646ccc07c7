package polygontest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
)

// line is a frame of a recording: a line of JSON.
type line struct {
	At    time.Time       `json:"at"`
	Frame json.RawMessage `json:"frame"`
}

// maxLine bounds a line of a recording.
const maxLine = 16 << 20

// Recorder writes the frames that a client reads, one JSON object a line, for [Server.Replay]. It is a hook:
// stream.WithHooks(polygontest.NewRecorder(file)). The key of the account is in none of them.
type Recorder struct {
	mu  sync.Mutex
	out io.Writer
	err error
}

// NewRecorder makes a recorder that writes to out.
func NewRecorder(out io.Writer) *Recorder { return &Recorder{out: out} }

// OnFrameIn implements stream.HookFrameIn. Frames that are no JSON are left out.
func (r *Recorder) OnFrameIn(f stream.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, err := json.Marshal(line{f.Time, f.Bytes()})
	if err != nil || r.err != nil {
		return
	}
	_, r.err = r.out.Write(append(text, '\n'))
}

// Err is the first error of the writer.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Replay sends the frames of a recording to all sessions of a cluster that have logged in, as they are and whatever is
// subscribed, with the pauses of the recording divided by speed; a speed of 0 makes no pauses. Frames with a status are
// left out, since the server has its own. It ends with the recording or with ctx.
func (s *Server) Replay(ctx context.Context, cluster polygon.Cluster, recording io.Reader, speed float64) error {
	lines := bufio.NewScanner(recording)
	lines.Buffer(nil, maxLine)
	var first, began time.Time
	for n := 1; lines.Scan(); n++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return fmt.Errorf("polygontest: line %d of the recording: %w", n, err)
		}
		if hasStatus(l.Frame) {
			continue
		}
		if first.IsZero() {
			first, began = l.At, time.Now()
		}
		var wait time.Duration
		if speed > 0 {
			wait = time.Until(began.Add(time.Duration(float64(l.At.Sub(first)) / speed)))
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
		for _, p := range s.live(cluster) {
			s.push(p, string(l.Frame))
		}
	}
	return lines.Err()
}

func hasStatus(frame []byte) bool {
	var events []struct {
		Ev string `json:"ev"`
	}
	if json.Unmarshal(frame, &events) != nil {
		return false
	}
	for _, e := range events {
		if e.Ev == "status" {
			return true
		}
	}
	return false
}
