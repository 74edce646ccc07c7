package ibkrtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// Order is what somebody orders.
type Order struct {
	ConID    ibkr.ConID
	Side     ibkr.OrderSide // BUY, SELL
	Quantity int64
	Market   bool   // else at Limit
	Limit    string // such as 1.00
	Ref      string // the client's own id
}

// book holds the orders and executions of the account; guarded by Server.mu.
type book struct {
	last   int64
	orders []*order
	fills  []*fill
}

// order is a placed order.
type order struct {
	Order
	id       int64
	status   ibkr.OrderStatus
	filled   int64
	average  string
	placed   time.Time
	colour   string
	ccp      string
	contract contract
}

// fill is an execution.
type fill struct {
	of    *order
	id    string
	price string
	at    time.Time
}

// step is a state that an order goes through, with the colour in which the venue's own page shows it.
type step struct {
	status ibkr.OrderStatus
	ccp    string
	colour string
}

// The steps of a placement, as recorded.
var placement = []step{
	{ibkr.OrderStatusPendingSubmit, "", `"fgColor":"#3399CC"`},
	{ibkr.OrderStatusPreSubmitted, "", `"bgColor":"#FFFFFF","fgColor":"#997EE5"`},
	{ibkr.OrderStatusSubmitted, "Submitted", `"bgColor":"#000000","fgColor":"#00F000"`},
}

// PlaceOrder places an order as if by REST and returns its id. A market order is filled at once, also one whose limit
// the price has passed; others wait for [Server.FillOrder] or a cancel. Sockets that watch see every step.
func (s *Server) PlaceOrder(o Order) int64 {
	s.mu.Lock()
	s.book.last++
	placed := &order{
		Order: o, id: s.book.last, status: ibkr.OrderStatusInactive, ccp: "Pending Submit", average: "0.00",
		placed: time.Now(), colour: `"bgColor":"#000000","fgColor":"#AFAFAF"`, contract: contractOf(o.ConID),
	}
	s.book.orders = append(s.book.orders, placed)
	frames := []string{s.full(placed), s.marker(placed)}
	for _, st := range placement {
		frames = append(frames, s.delta(placed, st))
	}
	price := placed.contract.price(s.step(placed.placed))
	s.mu.Unlock()
	s.tell("sor", frames...)
	if placed.fillable(price) {
		s.FillOrder(placed.id, cents(price))
	}
	return placed.id
}

// fillable tells whether an order is executed at once.
func (o *order) fillable(price int64) bool {
	if o.Market {
		return true
	}
	limit, err := strconv.ParseFloat(o.Limit, 64)
	at := float64(price) / 100
	return err == nil && (o.Side == ibkr.OrderSideBuy && limit >= at || o.Side == ibkr.OrderSideSell && limit <= at)
}

// FillOrder executes the whole of an order at a price. The execution comes without its commission first. It is false for
// orders that are done or unknown.
func (s *Server) FillOrder(id int64, price string) bool {
	s.mu.Lock()
	o := s.book.find(id)
	if o == nil || o.status.Done() {
		s.mu.Unlock()
		return false
	}
	o.filled, o.average = o.Quantity, price
	frame := s.delta(o, step{ibkr.OrderStatusFilled, "Filled", `"bgColor":"#FFFFFF","fgColor":"#00AA00"`})
	frame = strings.Replace(frame, `"status"`, fmt.Sprintf(`"filledQuantity":%d.0,"remainingQuantity":0.0,"avgPrice":%q,"sizeAndFills":"%d","status"`,
		o.Quantity, price, o.Quantity), 1)
	f := &fill{o, fmt.Sprintf("0000e0d5.%08x.01.01", o.id), price, time.Now()}
	s.book.fills = append(s.book.fills, f)
	trades := []string{s.execution(f, false), s.execution(f, true)}
	s.mu.Unlock()
	s.tell("sor", frame)
	s.tell("str", trades...)
	return true
}

// CancelOrder cancels an order; it is false for orders that are done or unknown.
func (s *Server) CancelOrder(id int64) bool {
	s.mu.Lock()
	o := s.book.find(id)
	if o == nil || o.status.Done() {
		s.mu.Unlock()
		return false
	}
	o.status, o.ccp = ibkr.OrderStatusPendingCancel, "Submitted"
	frames := []string{s.full(o), s.delta(o, step{ibkr.OrderStatusCancelled, "Cancelled", `"bgColor":"#FFFFFF","fgColor":"#AA0000"`})}
	s.mu.Unlock()
	s.tell("sor", frames...)
	return true
}

func (b *book) find(id int64) *order {
	for _, o := range b.orders {
		if o.id == id {
			return o
		}
	}
	return nil
}

// tell sends frames to those who watch orders or trades.
func (s *Server) tell(feed string, frames ...string) {
	s.mu.Lock()
	silent := feed == "sor" && s.filtered
	s.mu.Unlock()
	if silent {
		return
	}
	for _, p := range s.authorised() {
		if len(p.session.Subscribed(feed)) == 0 {
			continue
		}
		for _, f := range frames {
			s.push(p.session, f)
		}
	}
}

func (s *Server) full(o *order) string {
	return `{"topic":"sor","args":[` + s.row(o) + `]}`
}

// row is a full order, for the socket and for REST.
func (s *Server) row(o *order) string {
	kind, limit, words := "Limit", o.Limit, "Limit "+o.Limit
	if o.Market {
		kind, limit, words = "Market", "", "Market"
	}
	side := map[ibkr.OrderSide]string{ibkr.OrderSideBuy: "Buy", ibkr.OrderSideSell: "Sell"}[o.Side]
	ref := ""
	if o.Ref != "" {
		ref = `"order_ref":` + strconv.Quote(o.Ref) + `,`
	}
	return fmt.Sprintf(`{"acct":%[1]q,"conidex":"%[2]d","conid":%[2]d,"account":%[1]q,"orderId":%[3]d,"cashCcy":"USD","sizeAndFills":"%[4]d/%[5]d",`+
		`"orderDesc":"%[6]s %[5]d %[7]s %[8]s, Day","description1":%[7]q,"ticker":%[7]q,"secType":%[9]q,"listingExchange":%[10]q,`+
		`"remainingQuantity":%[11]d.0,"filledQuantity":%[4]d.0,"totalSize":%[5]d.0,"companyName":%[12]q,"status":%[13]q,`+
		`"order_ccp_status":%[14]q,"outsideRTH":false,"origOrderType":%[15]q,"supportsTaxOpt":"1","lastExecutionTime":%[16]q,`+
		`"orderType":%[17]q,%[18]s,"isEventTrading":"0","price":%[19]q,"avgPrice":%[20]q,%[21]s"side":%[22]q,"timeInForce":"CLOSE",`+
		`"lastExecutionTime_r":%[23]d}`,
		s.cfg.account, o.ConID, o.id, o.filled, o.Quantity, side, o.contract.symbol, words, o.contract.secType, o.contract.listing,
		o.Quantity-o.filled, o.contract.company, o.status, o.ccp, strings.ToUpper(kind), o.placed.UTC().Format("060102150405"), kind,
		o.colour, limit, o.average, ref, o.Side, o.placed.UnixMilli())
}

func (s *Server) marker(o *order) string {
	return fmt.Sprintf(`{"topic":"sor","args":[{"acct":%q,"conidex":"%d","conid":%d,"orderId":%d,"isEventTrading":"0"}]}`,
		s.cfg.account, o.ConID, o.ConID, o.id)
}

// delta moves an order on and spells what changed.
func (s *Server) delta(o *order, st step) string {
	o.status, o.colour = st.status, st.colour
	ccp := ""
	if st.ccp != "" {
		o.ccp = st.ccp
		ccp = `"order_ccp_status":` + strconv.Quote(st.ccp) + `,`
	}
	return fmt.Sprintf(`{"topic":"sor","args":[{"acct":%q,"orderId":%d,"status":%q,%s%s}]}`, s.cfg.account, o.id, st.status, ccp, st.colour)
}

func (s *Server) execution(f *fill, commission bool) string {
	fee := ""
	if commission {
		fee = `"commission":"1.0",`
	}
	o := f.of
	side, word := "B", "Bot"
	if o.Side == ibkr.OrderSideSell {
		side, word = "S", "Sold"
	}
	price, _ := strconv.ParseFloat(f.price, 64)
	return fmt.Sprintf(`{"topic":"str","args":[{"execution_id":%q,"symbol":%[2]q,"supports_tax_opt":"1","side":%[3]q,`+
		`"order_description":"%[4]s %[5]d @ %[6]s on ISLAND","trade_time":%[7]q,"trade_time_r":%[8]d,"size":%[5]d.0,"price":%[6]q,`+
		`"exchange":"ISLAND",%[9]s"net_amount":%[10]g,"account":%[11]q,"accountCode":%[11]q,"company_name":%[12]q,`+
		`"contract_description_1":%[2]q,"sec_type":%[13]q,"listing_exchange":%[14]q,"conid":%[15]d,"conidEx":"%[15]d","clearing_id":"IB",`+
		`"clearing_name":"IB","liquidation_trade":"0","is_event_trading":"0","order_id":%[16]d}]}`,
		f.id, o.contract.symbol, side, word, o.Quantity, f.price, f.at.UTC().Format("20060102-15:04:05"), f.at.UnixMilli(), fee,
		price*float64(o.Quantity), s.cfg.account, o.contract.company, o.contract.secType, o.contract.listing, o.ConID, o.id)
}

// startTrades sends an empty list and then the history, each execution twice.
func (s *Server) startTrades(c *streamtest.Call) {
	c.Ack()
	s.push(c.Session, `{"topic":"str","args":[]}`)
	var params struct{ RealtimeUpdatesOnly bool }
	if json.Unmarshal(c.Params, &params) == nil && params.RealtimeUpdatesOnly {
		return
	}
	s.mu.Lock()
	var frames []string
	for _, f := range s.book.fills {
		frames = append(frames, s.execution(f, false), s.execution(f, true))
	}
	s.mu.Unlock()
	for _, f := range frames {
		s.push(c.Session, f)
	}
}

// listOrders answers with nothing as long as the orders were not gathered. A filter silences the socket until force.
func (s *Server) listOrders(r *http.Request) (any, int) {
	if !s.isOpen() {
		return map[string]string{"error": "not authenticated"}, http.StatusInternalServerError
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Sub(s.ordersAt) < ordersPause {
		s.problem("the orders were asked for twice within %v", ordersPause)
		return map[string]string{"error": "too many requests"}, http.StatusTooManyRequests
	}
	s.ordersAt = now
	force := r.URL.Query().Get("force") == "true"
	if r.URL.Query().Has("filters") {
		s.filtered = true
	} else if force {
		s.filtered = false
	}
	gathered := s.gathered
	s.gathered = true
	if force || !gathered {
		return map[string]any{"orders": []any{}, "snapshot": false}, http.StatusOK
	}
	rows := []json.RawMessage{}
	for _, o := range s.book.orders {
		rows = append(rows, json.RawMessage(s.row(o)))
	}
	return map[string]any{"orders": rows, "snapshot": true}, http.StatusOK
}

// placeOrders is order entry: a list of orders, of which this fake takes limit and market orders.
func (s *Server) placeOrders(r *http.Request) (any, int) {
	var req struct {
		Orders []struct {
			ConID     ibkr.ConID  `json:"conid"`
			OrderType string      `json:"orderType"`
			Side      string      `json:"side"`
			Quantity  json.Number `json:"quantity"`
			Price     json.Number `json:"price"`
			COID      string      `json:"cOID"`
		} `json:"orders"`
	}
	if json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<16)).Decode(&req) != nil || r.PathValue("account") != s.cfg.account || !s.isOpen() {
		return map[string]string{"error": "order not placed"}, http.StatusBadRequest
	}
	answer := []map[string]string{}
	for _, o := range req.Orders {
		quantity, err := o.Quantity.Int64()
		if err != nil || quantity <= 0 || o.Side != "BUY" && o.Side != "SELL" || o.OrderType != "MKT" && o.OrderType != "LMT" {
			return map[string]string{"error": "order not placed"}, http.StatusBadRequest
		}
		id := s.PlaceOrder(Order{
			ConID: o.ConID, Side: ibkr.OrderSide(o.Side), Quantity: quantity, Market: o.OrderType == "MKT", Limit: o.Price.String(), Ref: o.COID,
		})
		answer = append(answer, map[string]string{"order_id": strconv.FormatInt(id, 10), "order_status": "Submitted", "encrypt_message": "1"})
	}
	return answer, http.StatusOK
}

func (s *Server) cancelOrder(r *http.Request) (any, int) {
	id, err := strconv.ParseInt(r.PathValue("order"), 10, 64)
	if err != nil || !s.CancelOrder(id) {
		return map[string]string{"error": "OrderID " + r.PathValue("order") + " doesn't exist"}, http.StatusBadRequest
	}
	return map[string]any{"msg": "Request was submitted", "order_id": id, "conid": -1, "account": s.cfg.account}, http.StatusOK
}
