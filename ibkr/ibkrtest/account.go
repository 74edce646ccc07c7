package ibkrtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// ledgerEvery is how often summary and ledger come.
const ledgerEvery = 10

func (s *Server) startPnL(c *streamtest.Call) {
	c.Ack()
	s.push(c.Session, s.pnlFrame(time.Now()))
}

func (s *Server) pnlFrame(at time.Time) string {
	daily := noise(7, at.Unix())%20000 - 10000
	return fmt.Sprintf(`{"topic":"spl","args":{%q:{"rowType":1,"dpl":%s,"nl":1020000.0,"upl":%s,"el":1010000.0,"uel":1005353.88,"mv":37910.0}}}`,
		s.cfg.account+".Core", cents(daily), cents(4600_00+daily))
}

func (s *Server) startSummary(c *streamtest.Call) { s.startRows(c, s.summaryFrame) }

func (s *Server) startLedger(c *streamtest.Call) {
	s.startRows(c, func(at time.Time) string { return s.ledgerFrame(at, true) })
}

// startRows serves what goes by account; an unknown account gets nothing.
func (s *Server) startRows(c *streamtest.Call, frame func(time.Time) string) {
	if acct, _ := c.Field("acct"); acct != s.cfg.account {
		return
	}
	c.Ack()
	s.push(c.Session, frame(time.Now()))
}

func (s *Server) summaryFrame(at time.Time) string {
	return fmt.Sprintf(`{"result":[{"key":"AccountType","value":"INDIVIDUAL","severity":0,"timestamp":%[1]d},`+
		`{"key":"ExcessLiquidity-S","currency":"USD","monetaryValue":1005353.88,"severity":0,"timestamp":%[1]d}],"topic":%[2]q}`,
		at.Unix(), "ssd+"+s.cfg.account)
}

// ledgerFrame holds two currencies; of the second one only the first frame says more than that nothing changed.
func (s *Server) ledgerFrame(at time.Time, full bool) string {
	euro := ""
	if full {
		euro = `"acctCode":` + strconv.Quote(s.cfg.account) + `,"cashbalance":1250.5,"exchangeRate":1.1683,"secondKey":"EUR","settledCash":1250.5,"severity":0,`
	}
	cash := 976920_88 + noise(11, at.Unix())%100
	return fmt.Sprintf(`{"result":[{"acctCode":%[1]q,"cashbalance":%[2]s,"dividends":0.0,"exchangeRate":1.0,"interest":396.69,"key":"LedgerListBASE",`+
		`"netLiquidationValue":1.01735316E6,"realizedPnl":0.0,"unrealizedPnl":4598.91,"secondKey":"BASE","settledCash":%[2]s,"severity":0,`+
		`"stockMarketValue":37910.0,"timestamp":%[3]d},{%[4]s"key":"LedgerListEUR","timestamp":%[3]d}],"topic":%[5]q}`,
		s.cfg.account, cents(cash), at.Unix(), euro, "sld+"+s.cfg.account)
}

// second sends what comes by the clock.
func (s *Server) second(at time.Time) {
	for _, p := range s.authorised() {
		if len(p.session.Subscribed("spl")) > 0 {
			s.push(p.session, s.pnlFrame(at))
		}
		if at.Unix()%ledgerEvery != 0 {
			continue
		}
		mine := func(feed string) bool {
			return slices.Contains(p.session.Subscribed(feed), `{"acct":`+strconv.Quote(s.cfg.account)+`}`)
		}
		if mine("ssd") {
			s.push(p.session, s.summaryFrame(at))
		}
		if mine("sld") {
			s.push(p.session, s.ledgerFrame(at, false))
		}
	}
}

// openExercise acknowledges and shows the form.
func (s *Server) openExercise(c *streamtest.Call) {
	s.push(c.Session, `{"topic":"shs+exercise"}`)
	s.push(c.Session, `{"data":{"user_action":[{"id":"submit","text":"Submit"},{"id":"cancel","text":"Cancel"}],"underlying_price":"$211.35",`+
		`"contract":"**AAPL** JUN 28 '24 192.5 Call","underlying_symbol":"AAPL","exercise":{"confirm":false,"confirm_final":false,"enabled":true},`+
		`"revocable":false,"loading":false,"hold":{"confirm":false,"enabled":true},"qty_lapse":0,"submitted":0,"qty_hold":0,"sec_type":"OPT",`+
		`"qty_exercise":0,"underlying_conid":"265598","morning_expiration":false,"id":5,"position":50,"deadline":"16:25"},`+
		`"action":"content","MID":"14","topic":"shs+exercise"}`)
}

// answerExercise asks back once; the answer to that is an order.
func (s *Server) answerExercise(c *streamtest.Call) {
	var req ibkr.AnswerExerciseRequest
	if req.UnmarshalJSON(c.Request) != nil {
		return
	}
	switch req.Data.UserAction {
	case "submit":
		s.push(c.Session, `{"data":{"user_actions":[{"id":"continue","text":"Continue"},{"id":"cancel","text":"Cancel"}],"id":7,`+
			`"text":"This exercise request will be final and irreversible.","title":"Warning"},"MID":"19","action":"prompt","topic":"inp+exercise"}`)
	case "continue":
		s.PlaceOrder(Order{ConID: AAPL, Side: "EXER", Quantity: 5, Market: true})
	}
}
