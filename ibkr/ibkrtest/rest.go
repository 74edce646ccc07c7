package ibkrtest

import (
	"net/http"
	"strings"
	"time"

	json "github.com/goccy/go-json"
)

// ordersPause is the least time between two requests for the orders; more are answered with 429.
const ordersPause = 5 * time.Second

// handler answers a request: what becomes the body, and the status.
type handler func(r *http.Request) (body any, status int)

func (s *Server) routeREST() {
	for pattern, h := range map[string]handler{
		"/tickle":                                s.tickle,
		"/iserver/auth/status":                   s.authStatus,
		"/iserver/accounts":                      s.accounts,
		"/sso/validate":                          func(*http.Request) (any, int) { return map[string]bool{"RESULT": true}, http.StatusOK },
		"/logout":                                s.logout,
		"POST /iserver/auth/ssodh/init":          s.open,
		"GET /iserver/account/orders":            s.listOrders,
		"POST /iserver/account/{account}/orders": s.placeOrders,
		"DELETE /iserver/account/{account}/order/{order}": s.cancelOrder,
	} {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = "", pattern
		} else {
			method += " "
		}
		s.HandleHTTP(method+"/v1/api"+path, s.serve(h))
	}
}

// serve keeps a record of a request and answers it.
func (s *Server) serve(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, status := any(map[string]string{"error": "no session"}), http.StatusUnauthorized
		if s.SessionValue().Reveal() != "" {
			body, status = h(r)
		}
		s.mu.Lock()
		s.requests = append(s.requests, Request{time.Now(), r.Method, strings.TrimPrefix(r.URL.Path, "/v1/api"), status})
		s.mu.Unlock()
		// The gateway's own cookie, which later requests and the handshake bring back.
		http.SetCookie(w, &http.Cookie{Name: "x-sess-uuid", Value: "0.fake", Path: "/", HttpOnly: true})
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		text, err := json.Marshal(body)
		if err == nil {
			_, err = w.Write(text)
		}
		_ = err // the client has gone
	}
}

// brokerageStatus is what REST says of the brokerage session; the server is locked.
func (s *Server) brokerageStatus() map[string]any {
	return map[string]any{
		"authenticated": s.brokerage, "established": s.brokerage, "competing": s.competing, "connected": s.session != "",
		"message": "", "MAC": "00:00:00:00:00:00",
		"serverInfo": map[string]string{"serverName": "JifZ00000", "serverVersion": "Build 10.45.1a"},
	}
}

func (s *Server) authStatus(*http.Request) (any, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.brokerageStatus(), http.StatusOK
}

func (s *Server) tickle(*http.Request) (any, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{
		"session": s.session, "ssoExpires": 460_311, "collission": false, "userId": 123_456_789,
		"hmds":    map[string]string{"error": "no bridge"},
		"iserver": map[string]any{"authStatus": s.brokerageStatus()},
	}, http.StatusOK
}

// open is the request for the brokerage session; publish must be true.
func (s *Server) open(r *http.Request) (any, int) {
	var req struct{ Publish, Compete bool }
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<16)).Decode(&req); err != nil || !req.Publish {
		return map[string]string{"error": "failed to generate sso dh token"}, http.StatusInternalServerError
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.downUntil) || s.competing && !req.Compete {
		return s.brokerageStatus(), http.StatusOK
	}
	s.competing, s.brokerage = false, true
	return s.brokerageStatus(), http.StatusOK
}

func (s *Server) accounts(*http.Request) (any, int) {
	if !s.isOpen() {
		return map[string]string{"error": "Please query /accounts first"}, http.StatusBadRequest
	}
	return map[string]any{
		"accounts": []string{s.cfg.account}, "aliases": map[string]string{s.cfg.account: s.cfg.account},
		"selectedAccount": s.cfg.account,
	}, http.StatusOK
}

func (s *Server) logout(*http.Request) (any, int) {
	s.LogOut()
	return map[string]bool{"status": true}, http.StatusOK
}
