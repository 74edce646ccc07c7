package krakentest

import (
	"strconv"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// Server is a fake Kraken that speaks API v2: all of public, private and level3 connections on one address. Its methods
// may be called from any goroutine.
type Server struct {
	*streamtest.Server
	*Venue
}

// New starts a fake venue; the caller closes it.
func New(opts ...Option) *Server {
	cfg := newConfig(opts)
	s := &Server{Server: streamtest.NewServer(kraken.Protocol(), cfg.server...)}
	s.Venue = newVenue(cfg, s.Server, (*v2)(s))
	s.route()
	return s
}

// Close cuts all sessions and waits for every goroutine of the server. It may be called twice.
func (s *Server) Close() { s.Venue.close() }

// Options point a client at the server. Private clients want [Venue.TokenSource] besides.
func (s *Server) Options() []stream.Option { return s.Server.Options() }

func (s *Server) route() {
	s.SetAcker(ack)
	for name, handle := range map[string]func([]byte) answer{
		"add_order": s.addOrder, "amend_order": s.amendOrder, "edit_order": s.editOrder, "batch_add": s.batchAdd,
		"batch_cancel": s.batchCancel, "cancel_all": s.cancelOrders, "cancel_all_orders_after": s.cancelAfter,
	} {
		s.OnCall(name, s.private(handle))
	}
	s.OnCall("cancel_order", s.cancelOrder)
	s.OnCall("ping", func(c *streamtest.Call) {
		c.SendReply([]byte(`{"method":"pong","req_id":` + c.ID + `,` + times() + `}`))
	})
}

// times are the members that stand in every answer.
func times() string {
	now := string(wire.AppendRFC3339(nil, utcNow(), "us"))
	return `"time_in":"` + now + `","time_out":"` + now + `"`
}

// ack is an acknowledgement as the venue writes it; a refusal is flat.
func ack(c *streamtest.Call, item []byte, refusal error) []byte {
	method := "subscribe"
	if c.Kind == protocol.FrameUnsubscribe {
		method = "unsubscribe"
	}
	b := []byte(`{"method":"` + method + `","req_id":` + c.ID)
	symbol := memberOf(item, "symbol")
	if refusal, ok := refusal.(*streamtest.Refusal); ok && refusal != nil {
		b = append(wire.AppendString(append(b, `,"error":`...), refusal.Message), `,"success":false`...)
		if symbol != nil {
			b = append(append(b, `,"symbol":`...), symbol...)
		}
		return append(b, `,`+times()+`}`...)
	}
	b = append(b, `,"result":{"channel":"`+c.Name+`"`...)
	if symbol != nil {
		b = append(append(b, `,"symbol":`...), symbol...)
	}
	for _, name := range []string{"depth", "interval", "event_trigger", "snapshot", "snap_orders", "snap_trades"} {
		if v, ok := c.Field(name); ok {
			if name == "event_trigger" {
				v = strconv.Quote(v)
			}
			b = append(b, `,"`+name+`":`+v...)
		}
	}
	if c.Name == "executions" && method == "subscribe" {
		b = append(b, `,"maxratecount":125`...)
	}
	return append(b, `},"success":true,`+times()+`}`...)
}

// memberOf is the JSON of a member; nil if there is none.
func memberOf(object []byte, name string) []byte {
	at := wire.Lookup(object, 0, name)
	if at < 0 {
		return nil
	}
	return object[at:wire.Skip(object, at)]
}

// v2symbol is the name of a market in API v2.
func v2symbol(m *Market) string { return m.Symbol }

func (s *v2) item(c *streamtest.Call, item []byte) (*sub, string) {
	u := &sub{session: c.Session, feed: c.Name, depth: 10}
	u.depth = number(c, "depth", 10)
	if snapshot, ok := c.Field("snapshot"); ok {
		u.quiet = snapshot == "false"
	}
	if orders, ok := c.Field("snap_orders"); ok && c.Name == "executions" {
		u.quiet = orders == "false"
	}
	if c.Name == "ohlc" {
		u.minutes = int64(number(c, "interval", 0))
	}
	symbol := memberOf(item, "symbol")
	if symbol == nil {
		return u, ""
	}
	name, _ := strconv.Unquote(string(symbol))
	if u.k = s.symbol(name, v2symbol); u.k == nil {
		return nil, "Currency pair not supported " + name
	}
	return u, ""
}

func number(c *streamtest.Call, name string, otherwise int) int {
	text, ok := c.Field(name)
	if n, err := strconv.Atoi(text); ok && err == nil {
		return n
	}
	return otherwise
}
