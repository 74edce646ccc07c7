package ibkrtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// chartSlots is how many requests for bars a socket holds at once.
const chartSlots = 5

// chart is a request for bars; guarded by Server.mu.
type chart struct {
	id      string
	target  string
	payload string
	ticks   int // follow-ups so far
}

// startChart answers with two bars. Whoever has five requests gets nothing.
func (s *Server) startChart(c *streamtest.Call) {
	target, _ := c.Field("target")
	k, err := ibkr.Target(target).Contract()
	if err != nil {
		return
	}
	c.Ack()
	s.mu.Lock()
	p := s.peers[c.Session]
	if len(p.charts) >= chartSlots {
		s.problem("%s asks for bars with %d requests open", target, len(p.charts))
		s.mu.Unlock()
		return
	}
	s.charts++
	chart := &chart{id: strconv.Itoa(4379499 + s.charts), target: target, payload: string(c.Params)}
	p.charts = append(p.charts, chart)
	s.mu.Unlock()
	info := contractOf(k.Conid.Or(0))
	s.push(c.Session, chart.frame(&info))
}

// frame is the first answer. Its form is that of a recording.
func (c *chart) frame(k *contract) string {
	var params struct{ Format string }
	_ = json.Unmarshal([]byte(c.payload), &params)
	return fmt.Sprintf(`{"serverId":%q,"symbol":%q,"text":%q,"priceFactor":100,"startTime":"20240301-18:21:00","high":"%d/62.18/1",`+
		`"low":"%d/197.09/0","timePeriod":"60s","barLength":60,"mdAvailability":"S","mktDataDelay":0,"outsideRth":false,`+
		`"volumeFactor":1,"priceDisplayRule":1,"priceDisplayValue":"2","negativeCapable":false,"messageVersion":2,`+
		`"data":[%s,%s],"points":1,"travelTime":96,"topic":%q,"payload":%q}`,
		c.id, k.symbol, k.company, k.base+23, k.base-11, bar(k, 1, params.Format), bar(k, 2, params.Format), "smh+"+c.target, c.payload)
}

// bar holds the members that the format asks for.
func bar(k *contract, n int64, format string) string {
	open, end := k.price(n), k.price(n+1)
	values := map[string]string{
		"%o": `"o":` + cents(open), "%c": `"c":` + cents(end), "%h": `"h":` + cents(max(open, end)+1), "%l": `"l":` + cents(min(open, end)-1),
		"%v": `"v":` + strconv.FormatInt(100+noise(int64(k.id), n)%900, 10) + ".09",
	}
	if format == "" {
		format = "%o/%c/%h/%l/%v"
	}
	var out []string
	for _, key := range strings.Split(format, "/") {
		if v := values[key]; v != "" {
			out = append(out, v)
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

// followUps are frames that come unasked behind the first answer; users see a few of them.
func (p *peer) followUps() (frames []string) {
	for _, c := range p.charts {
		if c.ticks++; c.ticks > 2 {
			continue
		}
		frames = append(frames, fmt.Sprintf(`{"serverId":%q,"tickNum":%d,"negativeCapable":false,"data":[{"o":25.89,"c":1.111}],"points":0,`+
			`"travelTime":792,"topic":%q,"payload":%q}`, c.id, c.ticks, "smh+"+c.target, c.payload))
	}
	return frames
}

func (s *Server) endChart(c *streamtest.Call) {
	raw := string(c.Learned["serverId"])
	id := strings.Trim(raw, `"`)
	c.Ack()
	s.mu.Lock()
	p := s.peers[c.Session]
	had := len(p.charts)
	p.charts = slices.DeleteFunc(p.charts, func(have *chart) bool { return have.id == id })
	if len(p.charts) == had {
		s.problem("nobody has the request for bars %s", raw)
	}
	s.mu.Unlock()
	s.push(c.Session, `{"message":"Unsubscribed `+id+`"}`)
}

// Charting reports how many requests for bars are open, over all sockets.
func (s *Server) Charting() (n int) {
	for _, p := range s.authorised() {
		s.mu.Lock()
		n += len(p.charts)
		s.mu.Unlock()
	}
	return n
}

// startLadder sends the ladder of a contract once; nobody has recorded how it goes on.
func (s *Server) startLadder(c *streamtest.Call) {
	acct, _ := c.Field("acct")
	text, _ := c.Field("conid")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || acct != s.cfg.account {
		return
	}
	c.Ack()
	k := contractOf(ibkr.ConID(id))
	var rows []string
	for row := range int64(5) {
		price, size := k.base+2-row, ""
		switch {
		case row < 2:
			size = `,"ask":"` + grouped(300*(row+1)) + `"`
		case row > 2:
			size = `,"bid":"` + grouped(400*row) + `"`
		}
		focus := 0
		spelled := cents(price)
		if row == 2 {
			focus, spelled = 1, "100 @ "+spelled
		}
		rows = append(rows, fmt.Sprintf(`{"row":%d,"focus":%d,"price":%q%s}`, row, focus, spelled, size))
	}
	s.push(c.Session, fmt.Sprintf(`{"topic":"sbd+%s+%s","data":[%s]}`, acct, text, strings.Join(rows, ",")))
}
