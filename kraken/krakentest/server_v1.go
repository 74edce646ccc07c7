package krakentest

import (
	"strconv"
	"time"

	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// ServerV1 is a fake Kraken that speaks API v1: public and private connections on one address. Its methods may be called
// from any goroutine.
type ServerV1 struct {
	*streamtest.Server
	*Venue
}

// NewV1 starts a fake venue; the caller closes it.
func NewV1(opts ...Option) *ServerV1 {
	cfg := newConfig(opts)
	s := &ServerV1{Server: streamtest.NewServer(krakenv1.Protocol(), cfg.server...)}
	s.Venue = newVenue(cfg, s.Server, (*v1)(s))
	s.route()
	return s
}

// Close cuts all sessions and waits for every goroutine of the server. It may be called twice.
func (s *ServerV1) Close() { s.Venue.close() }

// Options point a client at the server. Private clients want [Venue.TokenSource] besides.
func (s *ServerV1) Options() []stream.Option { return s.Server.Options() }

func (s *ServerV1) route() {
	s.SetAcker(ackV1)
	for name, handle := range map[string]func([]byte) answer{
		"addOrder": s.addOrder, "amendOrder": s.amendOrder, "editOrder": s.editOrder, "cancelAll": s.cancelOrders,
		"cancelAllOrdersAfter": s.cancelAfter,
	} {
		s.OnCall(name, s.private(handle))
	}
	s.OnCall("cancelOrder", s.cancelOrder)
	s.OnCall("ping", func(c *streamtest.Call) { c.SendReply([]byte(`{"event":"pong","reqid":` + c.ID + `}`)) })
}

// ackV1 is an acknowledgement as the venue writes it.
func ackV1(c *streamtest.Call, item []byte, refusal error) []byte {
	detail, name := `{"name":"`+c.Name+`"`, c.Name
	for _, member := range []string{"depth", "interval"} {
		if v, ok := c.Field(member); ok {
			detail += `,"` + member + `":` + v
			name += "-" + v
		}
	}
	if c.Name == "openOrders" {
		detail += `,"maxratecount":125`
	}
	b := []byte(`{"event":"subscriptionStatus","reqid":` + c.ID)
	if pair := memberOf(item, "pair"); pair != nil {
		b = append(append(b, `,"pair":`...), pair...)
	}
	b = append(b, `,"subscription":`+detail+`}`...)
	if refusal, ok := refusal.(*streamtest.Refusal); ok && refusal != nil {
		return append(wire.AppendString(append(b, `,"status":"error","errorMessage":`...), refusal.Message), '}')
	}
	status := "subscribed"
	if c.Kind == protocol.FrameUnsubscribe {
		status = "unsubscribed"
	}
	return append(b, `,"channelName":"`+name+`","status":"`+status+`"}`...)
}

// v1pair is the name of a market in API v1.
func v1pair(m *Market) string { return m.Pair }

func (s *v1) item(c *streamtest.Call, item []byte) (*sub, string) {
	u := &sub{session: c.Session, feed: c.Name, depth: 10}
	if c.Name == "book" {
		u.depth = number(c, "depth", 10)
	}
	if c.Name == "ohlc" {
		u.minutes = int64(number(c, "interval", 1))
	}
	if snapshot, ok := c.Field("snapshot"); ok {
		u.quiet = snapshot == "false"
	}
	pair := memberOf(item, "pair")
	if pair == nil {
		return u, ""
	}
	name, _ := strconv.Unquote(string(pair))
	if u.k = s.symbol(name, v1pair); u.k == nil {
		return nil, "Currency pair not in ISO 4217-A3 format " + name
	}
	return u, ""
}

// answer writes a reply: the members of the result stand in the frame itself.
func (s *v1) answer(c *streamtest.Call, a answer) {
	b := []byte(`{"event":"` + c.Name + `Status","reqid":` + c.ID)
	if a.refusal != "" {
		b = wire.AppendString(append(b, `,"status":"error","errorMessage":`...), a.refusal)
	} else {
		b = append(b, `,"status":"ok"`+a.beside...)
	}
	c.SendReply(append(b, '}'))
}

func beside(object []byte) string {
	if len(object) <= 2 {
		return ""
	}
	return "," + string(object[1:len(object)-1])
}

func (s *ServerV1) addOrder(body []byte) answer {
	var r krakenv1.AddOrderRequest
	if r.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	o, refusal := s.newOrder(&r)
	if refusal != "" {
		return no(refusal)
	}
	events, refusal := s.place(o, r.ValidateOnly.Or(false))
	if refusal != "" {
		return no(refusal)
	}
	reply := krakenv1.AddOrderReply{TxID: o.id, Description: o.describe()}
	if o.clOrdID != "" {
		reply.ClOrdID.Set(o.clOrdID)
	}
	return answer{beside: beside(streamtest.JSON(reply)), events: events, held: take(&s.commands.holdOrders)}
}

// newOrder reads an order; the text is a refusal.
func (s *ServerV1) newOrder(r *krakenv1.AddOrderRequest) (*order, string) {
	k := s.symbol(string(r.Pair), v1pair)
	if k == nil {
		return nil, "Currency pair not supported " + string(r.Pair)
	}
	o := &order{k: k, side: sideV2(r.Type), typ: typeV2(r.OrderType), clOrdID: r.ClOrdID.Or(""), ref: r.UserRef.Or(0)}
	for _, flag := range r.Flags.Or(nil) {
		o.postOnly = o.postOnly || flag == krakenv1.OrderFlagPostOnly
	}
	var exact, fits bool
	if o.limit, exact = scaled(r.Price.Or(krakenv1.RelativePrice{}).Value, k.PriceDigits); !exact {
		return nil, "EOrder:Tick size check failed"
	}
	if o.qty, fits = scaled(r.Volume, k.QtyDigits); !fits {
		return nil, "EGeneral:Invalid arguments:volume"
	}
	return o, ""
}

func (s *ServerV1) amendOrder(body []byte) answer {
	var r krakenv1.AmendOrderRequest
	if r.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	o := s.find(r.TxID.Or(r.ClOrdID.Or("")))
	if o == nil {
		return no("EOrder:Unknown order")
	}
	qty, _ := scaled(r.Volume.Or(wire.Decimal{}), o.k.QtyDigits)
	limit, _ := scaled(r.LimitPrice.Or(krakenv1.RelativePrice{}).Value, o.k.PriceDigits)
	reply := krakenv1.AmendOrderReply{AmendID: "TFAKEA-AMEND-" + strconv.Itoa(s.account.made), TxID: r.TxID, ClOrdID: r.ClOrdID}
	return answer{beside: beside(streamtest.JSON(reply)), events: s.amend(o, qty, limit)}
}

// editOrder cancels and places anew.
func (s *ServerV1) editOrder(body []byte) answer {
	var r krakenv1.EditOrderRequest
	if r.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	old := s.find(r.OrderID)
	if old == nil {
		return no("EOrder:Unknown order")
	}
	o := *old
	o.filled, o.cost, o.fee, o.value = 0, 0, 0, 0
	if qty, ok := r.Volume.Get(); ok {
		o.qty, _ = scaled(qty, o.k.QtyDigits)
	}
	if price, ok := r.Price.Get(); ok {
		o.limit, _ = scaled(price.Value, o.k.PriceDigits)
	}
	placed, refusal := s.place(&o, false)
	if refusal != "" {
		return no(refusal)
	}
	events := append([]orderEvent{s.finish(old, statusCanceled, "Order replaced")}, placed...)
	reply := krakenv1.EditOrderReply{TxID: o.id, OriginalTxID: old.id, Description: "order edited " + o.describe()}
	return answer{beside: beside(streamtest.JSON(reply)), events: events}
}

// cancelOrder answers for each order, without saying for which.
func (s *ServerV1) cancelOrder(c *streamtest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r krakenv1.CancelOrderRequest
	refusal := s.tokenFault(c.Token)
	if refusal == "" && r.UnmarshalJSON(c.Request) != nil {
		refusal = "EGeneral:Invalid arguments"
	}
	ids := append(r.TxID.Or(nil), r.ClOrdID.Or(nil)...)
	if refusal == "" && len(ids) == 0 {
		refusal = "EGeneral:Invalid arguments"
	}
	if refusal != "" {
		for range max(len(ids), 1) {
			s.speak.answer(c, no(refusal))
		}
		return
	}
	for _, id := range ids {
		events, ok := s.cancel(id)
		a := answer{events: events}
		if !ok {
			a = no("EOrder:Unknown order")
		}
		s.serve(c, a)
	}
}

func (s *ServerV1) cancelOrders([]byte) answer {
	events := s.cancelAll("User requested")
	return answer{beside: `,"count":` + strconv.Itoa(len(events)), events: events}
}

func (s *ServerV1) cancelAfter(body []byte) answer {
	var r krakenv1.CancelAllOrdersAfterRequest
	if r.UnmarshalJSON(body) != nil || r.Timeout < 0 {
		return no("EGeneral:Invalid arguments:timeout")
	}
	now, trigger := s.arm(r.Timeout)
	reply := krakenv1.CancelAllOrdersAfterReply{CurrentTime: now}
	if wire.SetNull(&reply.TriggerTime); !trigger.IsZero() {
		reply.TriggerTime.Set(trigger.Truncate(time.Second))
	}
	return answer{beside: beside(streamtest.JSON(reply))}
}
