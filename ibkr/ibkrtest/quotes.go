package ibkrtest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// quote slot of a contract on one socket; guarded by Server.mu.
type quote struct {
	target   ibkr.Target
	contract ibkr.Contract
	slot     string
	fields   []string
	sent     map[string]string // last value of each field
	until    time.Time         // zero: for ever
}

// startQuote begins or renews market data. The full frame comes twice, as recordings show.
func (s *Server) startQuote(c *streamtest.Call) {
	target, _ := c.Field("target")
	k, err := ibkr.Target(target).Contract()
	var params struct{ Fields []string }
	if err != nil || c.Params != nil && json.Unmarshal(c.Params, &params) != nil {
		return // wrong spelling is answered with nothing
	}
	c.Ack()
	now := time.Now()
	s.mu.Lock()
	p := s.peers[c.Session]
	i := slices.IndexFunc(p.quotes, func(q *quote) bool { return q.target == ibkr.Target(target) })
	if i < 0 {
		s.quotes++
		i = len(p.quotes)
		p.quotes = append(p.quotes, &quote{target: ibkr.Target(target), contract: k, slot: "q" + strconv.Itoa(s.quotes)})
	}
	q := p.quotes[i]
	q.fields = params.Fields
	q.sent = make(map[string]string)
	if q.until = now.Add(s.cfg.expiry); s.cfg.expiry == 0 {
		q.until = time.Time{}
	}
	frame := q.frame(now, s.step(now))
	s.mu.Unlock()
	s.push(c.Session, frame)
	s.push(c.Session, frame)
}

func (s *Server) endQuote(c *streamtest.Call) {
	target, _ := c.Field("target")
	c.Ack()
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[c.Session]
	p.quotes = slices.DeleteFunc(p.quotes, func(q *quote) bool { return q.target == ibkr.Target(target) })
}

// step counts the ticks of time.
func (s *Server) step(at time.Time) int64 { return at.UnixNano() / int64(s.cfg.tick) }

// tick sends what changed. Quotes that were not renewed have ended, and nobody is told.
func (s *Server) tick(at time.Time) {
	for _, p := range s.authorised() {
		s.mu.Lock()
		var frames []string
		if s.brokerage {
			p.quotes = slices.DeleteFunc(p.quotes, func(q *quote) bool { return !q.until.IsZero() && !at.Before(q.until) })
			for _, q := range p.quotes {
				if frame := q.frame(at, s.step(at)); frame != "" {
					frames = append(frames, frame)
				}
			}
			frames = append(frames, p.followUps()...)
		}
		s.mu.Unlock()
		for _, f := range frames {
			s.push(p.session, f)
		}
	}
}

// frame holds the fields whose value is another one than before; "" when there is none.
func (q *quote) frame(at time.Time, step int64) string {
	c, price := contractOf(q.contract.Conid.Or(0)), priceOf(&q.contract, step)
	var changed []string
	for _, id := range q.fields {
		spell := fields[id]
		if spell == nil {
			continue
		}
		value := spell(&c, price, step)
		if q.sent[id] != value {
			q.sent[id] = value
			changed = append(changed, quoted(id)+":"+value)
		}
	}
	if len(changed) == 0 {
		return ""
	}
	return `{"server_id":"` + q.slot + `","conidEx":` + quoted(string(q.target)) + `,"conid":` + strconv.FormatInt(int64(c.id), 10) +
		`,"_updated":` + strconv.FormatInt(at.UnixMilli(), 10) + `,"6119":"` + q.slot + `",` + strings.Join(changed, ",") +
		`,"topic":` + quoted("smd+"+string(q.target)) + `}`
}

// Quoting reports how many contracts have market data, over all sockets.
func (s *Server) Quoting() (n int) {
	for _, p := range s.authorised() {
		s.mu.Lock()
		n += len(p.quotes)
		s.mu.Unlock()
	}
	return n
}
