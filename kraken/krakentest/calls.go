package krakentest

import (
	"strconv"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// answer is how a call ends: with a result or a refusal. A held one is never sent.
type answer struct {
	result  string
	beside  string // members beside the result
	refusal string
	events  []orderEvent
	held    bool
}

func no(refusal string) answer { return answer{refusal: refusal} }

func (s *v2) answer(c *streamtest.Call, a answer) {
	b := []byte(`{"method":"` + c.Name + `","req_id":` + c.ID)
	switch {
	case a.refusal != "":
		b = append(wire.AppendString(append(b, `,"error":`...), a.refusal), `,"success":false,`...)
	case a.result != "":
		b = append(b, a.beside+`,"result":`+a.result+`,"success":true,`...)
	default:
		b = append(b, a.beside+`,"success":true,`...)
	}
	c.SendReply(append(b, times()+`}`...))
}

// newOrder reads an order; the text is a refusal.
func (s *Server) newOrder(p *kraken.OrderParams, symbol kraken.Symbol) (*order, string) {
	k := s.symbol(string(symbol), v2symbol)
	if k == nil {
		return nil, "Currency pair not supported " + string(symbol)
	}
	o := &order{
		k: k, side: p.Side, typ: p.OrderType, tif: p.TimeInForce.Or(kraken.TimeInForceGTC), postOnly: p.PostOnly.Or(false),
		clOrdID: p.ClOrdID.Or(""), ref: p.OrderUserRef.Or(0),
	}
	limit := p.LimitPrice
	if t, ok := p.Triggers.Get(); ok && !limit.HasValue() {
		limit = wire.Some(t.Price)
	}
	var exact, fits bool
	if o.limit, exact = scaled(limit.Or(wire.Decimal{}), k.PriceDigits); !exact {
		return nil, "EOrder:Tick size check failed"
	}
	if o.qty, fits = scaled(p.OrderQty.Or(wire.Decimal{}), k.QtyDigits); !fits {
		return nil, "EGeneral:Invalid arguments:volume"
	}
	if money, ok := p.CashOrderQty.Get(); ok {
		price, _ := o.crosses()
		o.qty = int64(money.Float64() / k.price(price).Float64() * unit)
	}
	if o.clOrdID != "" && s.find(o.clOrdID) != nil {
		return nil, "EOrder:Invalid order"
	}
	return o, ""
}

func ackOf(o *order) []byte {
	a := kraken.OrderAck{OrderID: o.id}
	if o.clOrdID != "" {
		a.ClOrdID.Set(o.clOrdID)
	}
	if o.ref != 0 {
		a.OrderUserRef.Set(o.ref)
	}
	return streamtest.JSON(a)
}

func (s *Server) addOrder(body []byte) answer {
	var r kraken.AddOrderRequest
	var p kraken.OrderParams
	if r.UnmarshalJSON(body) != nil || p.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	o, refusal := s.newOrder(&p, r.Symbol)
	if refusal != "" {
		return no(refusal)
	}
	events, refusal := s.place(o, r.ValidateOnly.Or(false))
	if refusal != "" {
		return no(refusal)
	}
	return answer{result: string(ackOf(o)), events: events, held: take(&s.commands.holdOrders)}
}

func (s *Server) batchAdd(body []byte) answer {
	var r kraken.BatchAddRequest
	if r.UnmarshalJSON(body) != nil || len(r.Orders) < 2 || len(r.Orders) > 15 {
		return no("EGeneral:Invalid arguments:orders")
	}
	var a answer
	var rows []kraken.BatchRow
	for i := range r.Orders {
		o, refusal := s.newOrder(&r.Orders[i], r.Symbol)
		if refusal != "" { // what is malformed spoils all of the batch
			return no(refusal)
		}
		events, refusal := s.place(o, r.ValidateOnly.Or(false))
		var row kraken.BatchRow
		if refusal != "" {
			row.Error.Set(refusal)
		} else {
			row.OrderID.Set(o.id)
		}
		if o.clOrdID != "" {
			row.ClOrdID.Set(o.clOrdID)
		}
		rows, a.events = append(rows, row), append(a.events, events...)
	}
	text, _ := json.Marshal(rows) // rows have nothing that could fail
	a.result, a.held = string(text), take(&s.commands.holdOrders)
	return a
}

func (s *Server) amendOrder(body []byte) answer {
	var r kraken.AmendOrderRequest
	if r.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	o := s.find(r.OrderID.Or(r.ClOrdID.Or("")))
	if o == nil {
		return no("EOrder:Unknown order")
	}
	qty, _ := scaled(r.OrderQty.Or(wire.Decimal{}), o.k.QtyDigits)
	limit, _ := scaled(r.LimitPrice.Or(wire.Decimal{}), o.k.PriceDigits)
	reply := kraken.AmendOrderReply{AmendID: "TFAKEA-AMEND-" + strconv.Itoa(s.account.made)}
	if id, ok := r.OrderID.Get(); ok {
		reply.OrderID.Set(id)
	}
	if id, ok := r.ClOrdID.Get(); ok {
		reply.ClOrdID.Set(id)
	}
	return answer{result: string(streamtest.JSON(reply)), events: s.amend(o, qty, limit)}
}

// editOrder cancels and places anew.
func (s *Server) editOrder(body []byte) answer {
	var r kraken.EditOrderRequest
	if r.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	old := s.find(r.OrderID)
	if old == nil {
		return no("EOrder:Unknown order")
	}
	o := *old
	o.filled, o.cost, o.fee, o.value = 0, 0, 0, 0
	if qty, ok := r.OrderQty.Get(); ok {
		o.qty, _ = scaled(qty, o.k.QtyDigits)
	}
	if limit, ok := r.LimitPrice.Get(); ok {
		o.limit, _ = scaled(limit, o.k.PriceDigits)
	}
	placed, refusal := s.place(&o, false)
	if refusal != "" {
		return no(refusal)
	}
	events := append([]orderEvent{s.finish(old, kraken.OrderStatusCanceled, "Order replaced")}, placed...)
	reply := kraken.EditOrderReply{OrderID: o.id, OriginalOrderID: old.id}
	return answer{result: string(streamtest.JSON(reply)), events: events}
}

// cancelOrder answers for each order by itself.
func (s *Server) cancelOrder(c *streamtest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r kraken.CancelOrderRequest
	refusal := s.tokenFault(c.Token)
	if refusal == "" && r.UnmarshalJSON(c.Request) != nil {
		refusal = "EGeneral:Invalid arguments"
	}
	type target struct{ member, id string }
	var targets []target
	for _, id := range r.OrderID.Or(nil) {
		targets = append(targets, target{"order_id", id})
	}
	for _, id := range r.ClOrdID.Or(nil) {
		targets = append(targets, target{"cl_ord_id", id})
	}
	for _, n := range r.OrderUserRef.Or(nil) {
		targets = append(targets, target{"order_id", ref(n)})
	}
	if len(targets) == 0 && refusal == "" {
		refusal = "EGeneral:Invalid arguments"
	}
	if refusal != "" {
		for range max(len(targets), 1) {
			s.speak.answer(c, no(refusal))
		}
		return
	}
	for _, t := range targets {
		events, ok := s.cancel(t.id)
		a := answer{result: `{"` + t.member + `":` + strconv.Quote(t.id) + `}`, events: events}
		if !ok {
			a = no("EOrder:Unknown order")
		}
		s.serve(c, a)
	}
}

func (s *Server) cancelOrders([]byte) answer {
	events := s.cancelAll("User requested")
	return answer{result: `{"count":` + strconv.Itoa(len(events)) + `}`, events: events}
}

// batchCancel answers as the wire does, not as the page says.
func (s *Server) batchCancel(body []byte) answer {
	var r kraken.BatchCancelRequest
	if r.UnmarshalJSON(body) != nil {
		return no("EGeneral:Invalid arguments")
	}
	var a answer
	for _, id := range append(r.Orders, r.ClOrdID.Or(nil)...) {
		events, _ := s.cancel(id)
		a.events = append(a.events, events...)
	}
	a.beside = `,"orders_cancelled":` + strconv.Itoa(len(a.events))
	return a
}

func (s *Server) cancelAfter(body []byte) answer {
	var r kraken.CancelAllOrdersAfterRequest
	if r.UnmarshalJSON(body) != nil || r.Timeout < 0 || r.Timeout >= 86400 {
		return no("EGeneral:Invalid arguments:timeout")
	}
	now, trigger := s.arm(r.Timeout)
	text := "0"
	if !trigger.IsZero() {
		text = string(wire.AppendRFC3339(nil, trigger, "s"))
	}
	return answer{result: `{"currentTime":"` + string(wire.AppendRFC3339(nil, now, "s")) + `","triggerTime":"` + text + `"}`}
}
