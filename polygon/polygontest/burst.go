package polygontest

import (
	"context"
	"strings"
	"time"

	"github.com/venuewire/venuewire/polygon"
)

// Burst is a rush of events.
type Burst struct {
	Cluster polygon.Cluster
	// Events is how many events each session gets.
	Events int
	// PerFrame is how many of them a frame holds; 100 if it is 0. The venue packs more when a client is slow.
	PerFrame int
	// Rate is events a second; 0 is as fast as the clients read.
	Rate float64
}

// burstPause is how long a burst without a rate waits for clients whose queue is full.
const burstPause = time.Millisecond

// Burst sends events of all that the sessions of a cluster have subscribed, in turn, until all are sent or ctx ends. With
// a rate it does not care whether clients keep up: see [WithBuffer]. The sequence numbers of a feed and symbol have no
// holes, as long as no two sessions have subscribed it.
func (s *Server) Burst(ctx context.Context, b Burst) error {
	if b.PerFrame < 1 {
		b.PerFrame = 100
	}
	began := time.Now()
	for sent := 0; sent < b.Events; sent += b.PerFrame {
		n := min(b.PerFrame, b.Events-sent)
		for _, p := range s.live(b.Cluster) {
			if err := s.room(ctx, p, b.Rate); err != nil {
				return err
			}
			if frame := s.burstFrame(p, sent, n); frame != "" {
				s.push(p, frame)
			}
		}
		if b.Rate <= 0 {
			continue
		}
		due := began.Add(time.Duration(float64(sent+n) / b.Rate * float64(time.Second)))
		if err := pause(ctx, time.Until(due)); err != nil {
			return err
		}
	}
	return nil
}

// room waits for a client to read, where there is no rate to hold.
func (s *Server) room(ctx context.Context, p *peer, rate float64) error {
	for rate <= 0 && p.session.Queued() >= s.cfg.buffer/2 {
		if err := pause(ctx, burstPause); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s *Server) burstFrame(p *peer, from, n int) string {
	all := s.channels(p)
	if len(all) == 0 {
		return ""
	}
	now := time.Now()
	events := make([]string, n)
	for i := range events {
		ch := all[(from+i)%len(all)]
		events[i] = s.make(p.cluster, ch, now)
	}
	return "[" + strings.Join(events, ",") + "]"
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
