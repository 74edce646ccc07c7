package ibkrtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// peer is what the server knows of a socket; guarded by Server.mu.
type peer struct {
	session    *streamtest.Session
	authorised bool
	quotes     []*quote
	charts     []*chart
}

// push sends a frame the way the server is set to.
func (s *Server) push(c *streamtest.Session, frame string) {
	if s.cfg.binary {
		c.PushBinary([]byte(frame))
		return
	}
	c.Push(frame)
}

func (s *Server) routeTopics() {
	s.OnUpgrade(s.upgrade)
	s.OnConnect(s.connected)
	s.OnCall("session", s.handOver)
	s.OnCall("tic", s.served(s.tic))
	s.OnCall("ech", s.served(func(c *streamtest.Call) { s.push(c.Session, "ech+hb") }))
	s.OnCall("shs", s.traded(s.openExercise))
	s.OnCall("inp", s.traded(s.answerExercise))
	s.OnSubscribe("smd", s.traded(s.startQuote))
	s.OnUnsubscribe("smd", s.traded(s.endQuote))
	s.OnSubscribe("smh", s.traded(s.startChart))
	s.OnUnsubscribe("smh", s.traded(s.endChart))
	s.OnSubscribe("sbd", s.traded(s.startLadder))
	s.OnSubscribe("sor", s.traded((*streamtest.Call).Ack))
	s.OnSubscribe("str", s.traded(s.startTrades))
	s.OnSubscribe("spl", s.served(s.startPnL))
	s.OnSubscribe("ssd", s.served(s.startSummary))
	s.OnSubscribe("sld", s.served(s.startLedger))
}

// served drops what a socket without session sends, in silence.
func (s *Server) served(fn func(*streamtest.Call)) func(*streamtest.Call) {
	return func(c *streamtest.Call) {
		if s.peerOf(c.Session) != nil {
			fn(c)
		}
	}
}

// traded drops as well what needs a brokerage session when there is none.
func (s *Server) traded(fn func(*streamtest.Call)) func(*streamtest.Call) {
	return s.served(func(c *streamtest.Call) {
		if s.isOpen() {
			fn(c)
		}
	})
}

func (s *Server) isOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.brokerage
}

// peerOf is nil for a socket without session.
func (s *Server) peerOf(c *streamtest.Session) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.peers[c]; p != nil && p.authorised {
		return p
	}
	return nil
}

// authorised lists the sockets with a session, in the order of their connection.
func (s *Server) authorised() (out []*peer) {
	live := s.Sessions()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.peers {
		if !slices.Contains(live, c) {
			delete(s.peers, c)
		}
	}
	for _, c := range live {
		if p := s.peers[c]; p != nil && p.authorised {
			out = append(out, p)
		}
	}
	return out
}

// connected greets a socket that shows its session, or asks for it.
func (s *Server) connected(c *streamtest.Session) {
	cookie, err := c.Request().Cookie("api")
	s.mu.Lock()
	ok := err != nil && !s.cfg.hosted || err == nil && cookie.Value == s.session && s.session != ""
	s.peers[c] = &peer{session: c, authorised: ok}
	s.mu.Unlock()
	if !ok {
		s.push(c, `{"message":"waiting for session"}`)
		return
	}
	s.greet(c)
}

// handOver takes the session that a message brings.
func (s *Server) handOver(c *streamtest.Call) {
	value, _ := c.Field("session")
	s.mu.Lock()
	p := s.peers[c.Session]
	known := p != nil && p.authorised
	ok := p != nil && value == s.session && s.session != ""
	if ok {
		p.authorised = true
	}
	s.mu.Unlock()
	switch {
	case known:
		s.push(c.Session, `{"error":"Topic unknown '{\"s'"}`)
	case ok:
		s.greet(c.Session)
	default:
		s.push(c.Session, `{"message":"waiting for session"}`)
	}
}

// greet is the burst after a connect.
func (s *Server) greet(c *streamtest.Session) {
	s.push(c, fmt.Sprintf(`{"topic":"system","success":"trader","isFT":false,"isPaper":%t}`, s.paper()))
	s.push(c, s.accountFrame())
	s.push(c, s.statusFrame())
}

func (s *Server) paper() bool { return len(s.cfg.account) > 1 && s.cfg.account[:2] == "DU" }

func (s *Server) accountFrame() string {
	return fmt.Sprintf(`{"topic":"act","args":{"accounts":[%[1]q],"acctProps":{%[1]q:{"hasChildAccounts":false,"supportsCashQty":true,`+
		`"liteUnderPro":false,"noFXConv":false,"isProp":false,"supportsFractions":true,"allowCustomerTime":false,"autoFx":false}},`+
		`"aliases":{%[1]q:%[1]q},"allowFeatures":{"showGFIS":true,"allowFXConv":true,"allowCrypto":false,"snapshotRefreshTimeout":30,`+
		`"allowedAssetTypes":"STK,CFD,OPT"},"chartPeriods":{"STK":["*"]},"groups":[],"profiles":[],"selectedAccount":%[1]q,`+
		`"serverInfo":{"serverName":"JifZ00000","serverVersion":"Build 10.45.1a"},"sessionId":"REDACTED","isFT":false,"isPaper":%[2]t}}`,
		s.cfg.account, s.paper())
}

func (s *Server) statusFrame() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf(`{"topic":"sts","args":{"authenticated":%t,"connected":%t,"established":%t,"competing":%t,"message":"","fail":"",`+
		`"serverName":"JifZ00000","serverVersion":"Build 10.45.1a","username":"trader"}}`,
		s.brokerage, s.session != "", s.brokerage, s.competing)
}

func (s *Server) heartbeat(at time.Time) {
	s.mu.Lock()
	mute := s.mute
	s.mu.Unlock()
	if mute {
		return
	}
	for _, p := range s.authorised() {
		s.push(p.session, `{"topic":"system","hb":`+strconv.FormatInt(at.UnixMilli(), 10)+`}`)
	}
}

// tic is answered four times over.
func (s *Server) tic(c *streamtest.Call) {
	frame := fmt.Sprintf(`{"topic":"tic","alive":true,"id":%q,"lastAccessed":%d}`, s.SessionValue().Reveal(), time.Now().UnixMilli())
	for range 4 {
		s.push(c.Session, frame)
	}
}
