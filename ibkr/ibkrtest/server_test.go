package ibkrtest_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	json "github.com/goccy/go-json"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// peer is a client with nothing but WebSocket and HTTP.
type peer struct {
	t  *testing.T
	s  *ibkrtest.Server
	ws *websocket.Conn
}

func connect(t *testing.T, s *ibkrtest.Server, cookies ...string) *peer {
	t.Helper()
	dialer := websocket.Dialer{NetDialContext: s.Dial, TLSClientConfig: s.TLSConfig()}
	ws, resp, err := dialer.DialContext(t.Context(), s.URL()+"/v1/api/ws", http.Header{"Cookie": cookies})
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	t.Cleanup(func() { _ = ws.Close() })
	return &peer{t, s, ws}
}

func (p *peer) send(frame string) {
	p.t.Helper()
	require.NoError(p.t, p.ws.WriteMessage(websocket.TextMessage, []byte(frame)))
}

// next is the next frame that holds a text.
func (p *peer) next(with string) string {
	p.t.Helper()
	for {
		require.NoError(p.t, p.ws.SetReadDeadline(time.Now().Add(time.Hour)))
		_, b, err := p.ws.ReadMessage()
		require.NoError(p.t, err, "waiting for %s", with)
		if strings.Contains(string(b), with) {
			return string(b)
		}
	}
}

func (p *peer) rest(method, path, body string) (status int, answer map[string]any) {
	p.t.Helper()
	status, text := p.request(method, path, body)
	if json.Unmarshal(text, &answer) != nil {
		answer = map[string]any{"list": string(text)}
	}
	return status, answer
}

func (p *peer) request(method, path, body string) (int, []byte) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.s.HTTPURL()+"/v1/api"+path, bytes.NewReader([]byte(body)))
	require.NoError(p.t, err)
	resp, err := p.s.HTTPClient().Do(req)
	require.NoError(p.t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(p.t, err)
	require.NoError(p.t, resp.Body.Close())
	return resp.StatusCode, text
}

func inBubble(t *testing.T, test func(t *testing.T, s *ibkrtest.Server), opts ...ibkrtest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New(opts...)
		defer s.Close()
		test(t, s)
	})
}

// The burst after a connect, in the order of recordings, then a heartbeat every 10 s.
func TestGreeting(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		p := connect(t, s)
		for _, topic := range []string{"system", "act", "sts"} {
			require.Contains(t, p.next(""), `"topic":"`+topic+`"`)
		}
		first := time.Now()
		p.next(`"hb":`)
		p.next(`"hb":`)
		require.Equal(t, 20*time.Second, time.Since(first))
		p.send("tic")
		for range 4 {
			require.Contains(t, p.next(""), `"topic":"tic"`)
		}
		p.send("ech+hb")
		require.Equal(t, "ech+hb", p.next(""))
	})
}

func TestOtherPathsAreNoSocket(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		dialer := websocket.Dialer{NetDialContext: s.Dial, TLSClientConfig: s.TLSConfig()}
		_, resp, err := dialer.DialContext(t.Context(), s.URL()+"/v1/portal/ws", nil)
		require.Error(t, err)
		require.Equal(t, http.StatusNotFound, resp.StatusCode)
	})
}

func TestSessionIsAskedFor(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		p := connect(t, s, "api=wrong")
		require.JSONEq(t, `{"message":"waiting for session"}`, p.next(""))
		p.send("smd+265598+" + `{"fields":["31"]}`)
		_, tickle := p.rest("POST", "/tickle", "")
		p.send(`{"session":"` + tickle["session"].(string) + `"}`)
		p.next(`"sts"`)
		p.send(`{"session":"` + tickle["session"].(string) + `"}`)
		require.Contains(t, p.next(""), "Topic unknown")
		require.Zero(t, s.Quoting(), "what came before the session was dropped")
	}, ibkrtest.WithSessionRequired())
}

// Market data: the full frame twice, then what changed, then silence.
func TestQuotesEndInSilence(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		p := connect(t, s)
		p.send(`smd+265598+{"fields":["31","84","55","7289"]}`)
		full := p.next("smd+")
		require.Contains(t, full, `"55":"AAPL"`)
		require.Contains(t, full, `"7289":""`, "a field without value")
		require.Equal(t, full, p.next("smd+"))
		require.NotContains(t, p.next("smd+"), `"55"`)
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		require.Zero(t, s.Quoting())
		p.send(`smd+265598+{'fields':['31']}`)
		synctest.Wait()
		require.Zero(t, s.Quoting(), "a wrong quote style is answered with nothing")
	})
}

func TestOrdersByREST(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		p := connect(t, s)
		p.send("sor+{}")
		synctest.Wait()
		const account = "/iserver/account/" + ibkrtest.DefaultAccount
		status, placed := p.rest("POST", account+"/orders", `{"orders":[{"conid":265598,"orderType":"LMT","side":"BUY","quantity":1,"price":1.00}]}`)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, placed["list"], `"order_id":"912091175"`)
		for _, what := range []string{`"Inactive"`, `"isEventTrading"`, `"PendingSubmit"`, `"PreSubmitted"`, `"Submitted"`} {
			require.Contains(t, p.next("sor"), what)
		}
		status, _ = p.rest("DELETE", account+"/order/912091175", "")
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, p.next("sor"), `"PendingCancel"`)
		require.Contains(t, p.next("sor"), `"Cancelled"`)
		status, _ = p.rest("DELETE", account+"/order/912091175", "")
		require.Equal(t, http.StatusBadRequest, status)
		status, _ = p.rest("POST", account+"/orders", `{"orders":[{"conid":265598,"orderType":"STP","side":"BUY","quantity":1}]}`)
		require.Equal(t, http.StatusBadRequest, status)

		_, first := p.rest("GET", "/iserver/account/orders?force=true", "")
		require.Equal(t, false, first["snapshot"])
		status, _ = p.rest("GET", "/iserver/account/orders", "")
		require.Equal(t, http.StatusTooManyRequests, status)
		time.Sleep(5 * time.Second)
		_, then := p.rest("GET", "/iserver/account/orders", "")
		require.Len(t, then["orders"], 1)

		time.Sleep(5 * time.Second)
		p.rest("GET", "/iserver/account/orders?filters=submitted", "")
		s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.IBM, Side: ibkr.OrderSideBuy, Quantity: 1, Limit: "1.00"})
		time.Sleep(5 * time.Second)
		p.rest("GET", "/iserver/account/orders?force=true", "")
		id := s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideSell, Quantity: 1, Limit: "999.00"})
		require.Contains(t, p.next("sor"), `"orderId":912091177`, "a filter silences the socket until force")
		require.True(t, s.FillOrder(id, "999.00"))
		require.False(t, s.FillOrder(id, "999.00"))
		require.NotEmpty(t, s.Problems(), "two requests within 5 s")
	})
}

// Every frame that the fake sends is one that the specs know.
func TestFramesAreThoseOfTheSpecs(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		p := connect(t, s)
		for _, f := range []string{
			"spl+{}", "ssd+" + ibkrtest.DefaultAccount + "+{}", "sld+" + ibkrtest.DefaultAccount + "+{}", "str+{}", "sor",
			"sbd+" + ibkrtest.DefaultAccount + "+265598", `smh+265598+{"period":"1d","bar":"1min"}`, `smd+8314@SMART+{"fields":["31","83","87"]}`,
			`shs+exercise+{"CEX":"1"}`,
		} {
			p.send(f)
		}
		s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 1, Market: true})
		time.Sleep(15 * time.Second)
		synctest.Wait()
		require.Empty(t, s.Problems())
		for _, f := range s.Frames() {
			if f.Sent {
				_, ok := ibkr.Protocol().Classify(f.Data)
				require.True(t, ok, "%s", f.Data)
				require.True(t, json.Valid(f.Data), "%s", f.Data)
			}
		}
	})
}

func TestBrokerageSession(t *testing.T) {
	inBubble(t, func(t *testing.T, s *ibkrtest.Server) {
		p := connect(t, s)
		p.next(`"sts"`)
		s.Compete()
		require.Contains(t, p.next(`"sts"`), `"competing":true`)
		_, st := p.rest("POST", "/iserver/auth/ssodh/init", `{"publish":true,"compete":false}`)
		require.Equal(t, false, st["authenticated"])
		_, st = p.rest("POST", "/iserver/auth/ssodh/init", `{"publish":true,"compete":true}`)
		require.Equal(t, true, st["authenticated"])
		status, _ := p.rest("POST", "/iserver/auth/ssodh/init", `{"publish":false}`)
		require.Equal(t, http.StatusInternalServerError, status)
		s.Reset(time.Minute)
		p.rest("POST", "/iserver/auth/ssodh/init", `{"publish":true}`)
		_, st = p.rest("GET", "/iserver/auth/status", "")
		require.Equal(t, false, st["authenticated"])
		time.Sleep(time.Minute)
		p.rest("POST", "/iserver/auth/ssodh/init", `{"publish":true}`)
		_, st = p.rest("GET", "/iserver/auth/status", "")
		require.Equal(t, true, st["authenticated"])
		p.rest("POST", "/logout", "")
		status, answer := p.rest("POST", "/tickle", "")
		require.Equal(t, http.StatusUnauthorized, status)
		require.Equal(t, "no session", answer["error"])
	})
}

func TestOnAPort(t *testing.T) {
	s := ibkrtest.New(ibkrtest.WithServer(streamtest.OnAddress("127.0.0.1:0")))
	defer s.Close()
	require.NoError(t, s.Err())
	p := connect(t, s)
	require.Contains(t, p.next("sts"), `"authenticated":true`)
	taken := streamtest.NewServer(ibkr.Protocol(), streamtest.OnAddress(strings.TrimPrefix(s.HTTPURL(), "https://")))
	defer taken.Close()
	require.Error(t, taken.Err())
}
