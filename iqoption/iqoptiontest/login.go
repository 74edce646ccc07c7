package iqoptiontest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// Login is one step of a login over HTTP, without its secrets.
type Login struct {
	At   time.Time
	Path string
	Code string // of the answer, e.g. success
}

// ssidLife is how long the cookie of a session lives.
const ssidLife = 30 * 24 * time.Hour

// loginRequest holds the members of all login calls.
type loginRequest struct {
	Identifier string `json:"identifier"`
	Password   string `json:"password"`
	Token      string `json:"token"`
	Method     string `json:"method"`
	Code       string `json:"code"`
}

// loginAnswer holds the members of their answers.
type loginAnswer struct {
	Code      string     `json:"code"`
	Message   string     `json:"message,omitempty"`
	Method    string     `json:"method,omitempty"`
	Token     string     `json:"token,omitempty"`
	TTL       int64      `json:"ttl,omitempty"`
	SSID      string     `json:"ssid,omitempty"`
	Data      *loginData `json:"data,omitempty"`
	UserID    int64      `json:"user_id,omitempty"`
	CompanyID int64      `json:"company_id,omitempty"`
	CreatedAt int64      `json:"created_at,omitempty"`
	cookie    string
	status    int
}

type loginData struct {
	SSID string `json:"ssid"`
}

func (s *Server) routeHTTP() {
	s.HandleHTTP("POST /api/v2/login", s.step(s.login))
	s.HandleHTTP("POST /api/v2/verify/2fa", s.step(s.verify))
	s.HandleHTTP("POST /api/v1.0/logout", s.logout)
	s.HandleHTTP("POST /api/v2/logout", s.logout)
}

// step serves one call of the login and keeps a record of it.
func (s *Server) step(fn func(*loginRequest) loginAnswer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req loginRequest
		a := loginAnswer{Code: "bad_request", Message: "The body is not JSON.", status: http.StatusBadRequest}
		if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&req) == nil {
			s.mu.Lock()
			a = fn(&req)
			s.mu.Unlock()
		}
		s.mu.Lock()
		s.logins = append(s.logins, Login{time.Now(), r.URL.Path, a.Code})
		s.mu.Unlock()
		a.write(w)
	}
}

func (a *loginAnswer) write(w http.ResponseWriter) {
	if a.cookie != "" {
		http.SetCookie(w, &http.Cookie{Name: "ssid", Value: a.cookie, Path: "/", MaxAge: int(ssidLife / time.Second)})
	}
	w.Header().Set("Content-Type", "application/json")
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	b, _ := json.Marshal(a) // strings and numbers cannot fail
	_, _ = w.Write(b)
}

// login and verify run with the server locked.
func (s *Server) login(r *loginRequest) loginAnswer {
	if s.commands.take(&s.commands.throttle) {
		ttl := s.commands.throttleFor
		return loginAnswer{
			Code: "requests_limit_exceeded", Message: "Too many login attempts.",
			TTL: int64(ttl / time.Second), status: http.StatusTooManyRequests,
		}
	}
	a := s.find(r.Identifier)
	if s.commands.take(&s.commands.refuseLogin) || a == nil || a.Password != r.Password {
		return loginAnswer{
			Code:    "invalid_credentials",
			Message: "You entered the wrong credentials. Please check that the login/password is correct.",
			status:  http.StatusUnauthorized,
		}
	}
	if a.TwoFactor != "" && (r.Token == "" || s.tokens["done:"+r.Token] != a) {
		return loginAnswer{Code: "verify", Method: a.TwoFactor, Token: s.hand("asked:", a), status: http.StatusForbidden}
	}
	delete(s.tokens, "done:"+r.Token)
	return s.welcome(a)
}

// welcome opens a session.
func (s *Server) welcome(a *account) loginAnswer {
	s.handed++
	ssid := streamtest.CanarySSID
	if s.handed > 1 {
		ssid += strconv.Itoa(s.handed)
	}
	s.ssids[ssid] = a
	out := loginAnswer{Code: "success", UserID: a.UserID, CompanyID: 1, CreatedAt: a.created.Unix()}
	switch s.cfg.ssidIn {
	case SSIDInBody:
		out.SSID, out.cookie = ssid, ssid
	case SSIDInData:
		out.Data = &loginData{ssid}
	case SSIDInCookie:
		out.cookie = ssid
	}
	return out
}

// hand gives out a token for the next step of a second factor.
func (s *Server) hand(step string, a *account) string {
	s.handed++
	token := "canary-token-" + strconv.Itoa(s.handed)
	s.tokens[step+token] = a
	return token
}

// verify sends the code and then checks it.
func (s *Server) verify(r *loginRequest) loginAnswer {
	wrong := loginAnswer{Code: "invalid_code", Message: "The code is wrong or has expired.", status: http.StatusForbidden}
	if a := s.tokens["asked:"+r.Token]; a != nil && r.Code == "" && r.Method == a.TwoFactor {
		delete(s.tokens, "asked:"+r.Token)
		return loginAnswer{Code: "success", Token: s.hand("sent:", a)}
	}
	a := s.tokens["sent:"+r.Token]
	if a == nil || r.Code != a.Code {
		return wrong
	}
	delete(s.tokens, "sent:"+r.Token)
	return loginAnswer{Code: "success", Token: s.hand("done:", a)}
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	code := "success"
	if c, err := r.Cookie("ssid"); err != nil || !s.forget(c.Value) {
		code = "unauthorized"
		w.WriteHeader(http.StatusUnauthorized)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins = append(s.logins, Login{time.Now(), r.URL.Path, code})
}

func (s *Server) forget(ssid string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.ssids[ssid]
	delete(s.ssids, ssid)
	return known
}

// Logins lists the steps of all logins and logouts over HTTP.
func (s *Server) Logins() []Login {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Login(nil), s.logins...)
}

// LoginsWith counts the logins that ended with a code, e.g. success.
func (s *Server) LoginsWith(code string) (n int) {
	for _, l := range s.Logins() {
		if strings.HasSuffix(l.Path, "/login") && l.Code == code {
			n++
		}
	}
	return n
}

// NewSSID opens a session of the first account without a login over HTTP, for clients that have one already.
func (s *Server) NewSSID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handed++
	ssid := streamtest.CanarySSID + "-" + strconv.Itoa(s.handed)
	s.ssids[ssid] = s.accounts[0]
	return ssid
}
