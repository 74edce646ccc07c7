package iqoptiontest

import (
	"slices"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// peer is a session that has logged in.
type peer struct {
	session *streamtest.Session
	account *account
	acks    bool                 // guarded by Server.mu
	leases  map[string]time.Time // ends of position leases, by id; guarded by Server.mu
}

func (p *peer) wants(feed string) bool { return len(p.session.Subscribed(feed)) > 0 }

// handler answers a call of a session that has logged in.
type handler func(*peer, *streamtest.Call) answer

func (s *Server) routeCalls() {
	s.Server.OnCall("authenticate", s.authenticate)
	s.Server.OnCall("ssid", s.loginBySSID)
	s.OnCall("setOptions", s.setOptions)
	s.OnCall("", s.unknownCall)
	s.OnSubscribe("", (*streamtest.Call).Ack)
	s.OnUnsubscribe("", (*streamtest.Call).Ack)
	s.SetAcker(func(c *streamtest.Call, _ []byte, _ error) []byte {
		if s.acknowledges(c) {
			return nil
		}
		return []byte{}
	})
	for name, h := range s.handlers() {
		s.OnCall(name, s.serve(h))
	}
}

func (s *Server) handlers() map[string]handler {
	return map[string]handler{
		"core.get-profile":                        s.getProfile,
		"get-profile":                             s.getProfile,
		"internal-billing.get-balances":           s.getBalances,
		"get-balances":                            s.getBalances,
		"balances.get-available-balances":         s.getBalances,
		"internal-billing.reset-training-balance": s.resetTrainingBalance,
		"reset-training-balance":                  s.resetTrainingBalance,
		"get-initialization-data":                 s.getInitData,
		"binary-options.get-initialization-data":  s.getInitData,
		"get-active":                              s.getActive,
		"get-candles":                             s.getCandles,
		"quotes-history.get-candles":              s.getCandles,
		"get-first-candles":                       s.getFirstCandles,
		"get-traders-mood":                        s.getTradersMood,
		"get-commissions":                         s.getCommissions,
		"binary-options.open-option":              s.openOption,
		"binary-options.sell-options":             s.sellOptions,
		"sell-options":                            s.sellOptions,
		"portfolio.get-positions":                 s.getPositions,
		"portfolio.get-history-positions":         s.getHistoryPositions,
		"portfolio.get-orders":                    s.getOrders,
		"portfolio.subscribe-positions":           s.leasePositions,
		"subscribe-positions":                     s.leasePositions,
		"update-user-availability":                func(*peer, *streamtest.Call) answer { return answer{silent: true} },
		"setLang":                                 func(*peer, *streamtest.Call) answer { return answer{silent: true} },
		"heartbeat":                               func(*peer, *streamtest.Call) answer { return answer{silent: true} },
	}
}

// serve acknowledges a call, answers it and sends what follows from it.
func (s *Server) serve(h handler) func(*streamtest.Call) {
	return func(c *streamtest.Call) {
		a := h(s.peerOf(c.Session), c)
		early := a.pushes != nil && s.pushesFirst()
		if early {
			a.pushes()
		}
		s.accept(c)
		s.reply(c, a)
		if a.pushes != nil && !early {
			a.pushes()
		}
	}
}

func (s *Server) unknownCall(c *streamtest.Call) {
	s.mu.Lock()
	s.problems = append(s.problems, "nobody answers the call "+c.Name)
	s.mu.Unlock()
	s.accept(c)
	if c.RPC == nil || c.RPC.Reply == protocol.ReplyData {
		c.Refuse("4000", "this fake does not know "+c.Name)
	}
}

// loggedIn drops what comes before the login in silence.
func (s *Server) loggedIn(fn func(*streamtest.Call)) func(*streamtest.Call) {
	return func(c *streamtest.Call) {
		if s.peerOf(c.Session) != nil {
			fn(c)
		}
	}
}

// peerOf is nil before the login.
func (s *Server) peerOf(c *streamtest.Session) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peers[c]
}

// peersOf lists the live sessions of an account, or of all accounts for nil, in the order of their connection.
func (s *Server) peersOf(a *account) []*peer {
	live := s.Sessions()
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*peer
	for _, c := range live {
		if p := s.peers[c]; p != nil && (a == nil || p.account == a) {
			out = append(out, p)
		}
	}
	return out
}

// acknowledges tells whether a frame gets a result: it has an id and the session has asked for results.
func (s *Server) acknowledges(c *streamtest.Call) bool {
	p := s.peerOf(c.Session)
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.ID != "" && p != nil && p.acks
}

func (s *Server) accept(c *streamtest.Call) {
	if s.acknowledges(c) {
		c.Accept()
	}
}

// authenticate binds a session to an account. A refusal has no request id.
func (s *Server) authenticate(c *streamtest.Call) {
	ssid, _ := c.Field("ssid")
	a, ok := s.admit(ssid)
	if !ok {
		c.SendReply(s.Protocol().AppendReplyFrame(nil, "message", "authenticated", "", []byte("false")))
		return
	}
	s.join(c.Session, a)
	session := wire.AppendString(nil, "client-session-"+strconv.Itoa(c.Session.ID()))
	c.Reply("true", protocol.KV{Name: "client_session_id", Value: session})
	s.greet(c.Session)
}

// loginBySSID is the login of older clients; the answer is the flat profile or false.
func (s *Server) loginBySSID(c *streamtest.Call) {
	ssid, _ := c.Field("ssid")
	a, ok := s.admit(ssid)
	if !ok {
		c.SendReply(s.Protocol().AppendReplyFrame(nil, "message", "profile", "", []byte("false")))
		c.Session.Close(1000, "")
		return
	}
	s.join(c.Session, a)
	p := a.profile()
	c.SendReply(s.Protocol().AppendReplyFrame(nil, "message", "profile", c.ID, streamtest.JSON(p)))
	s.greet(c.Session)
}

func (s *Server) admit(ssid string) (*account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commands.take(&s.commands.refuseAuth) {
		return nil, false
	}
	a, ok := s.ssids[ssid]
	return a, ok && ssid != ""
}

func (s *Server) join(c *streamtest.Session, a *account) {
	live := s.Sessions()
	s.mu.Lock()
	defer s.mu.Unlock()
	for old := range s.peers {
		if !slices.Contains(live, old) {
			delete(s.peers, old)
		}
	}
	s.peers[c] = &peer{session: c, account: a, leases: make(map[string]time.Time)}
}

// greet sends what the venue sends after a login. The id is a number that no integer type holds.
func (s *Server) greet(c *streamtest.Session) {
	id := protocol.KV{Name: "session_id", Value: wire.AppendString(nil, "1411098684723678826"+strconv.Itoa(c.ID()))}
	c.Push(string(s.Protocol().AppendReplyFrame(nil, "message", "front", "", []byte(`"ws01.fake"`), id)))
}

func (s *Server) setOptions(c *streamtest.Call) {
	wanted, _ := c.Field("sendResults")
	p := s.peerOf(c.Session)
	s.mu.Lock()
	p.acks = wanted == "true"
	s.mu.Unlock()
	s.accept(c)
}
