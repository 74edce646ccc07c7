package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// readyWithin is how long a play request waits for its client to log in and subscribe.
const readyWithin = 10 * time.Second

// server knows the connections by the key that they log in with.
type server struct {
	mu    sync.Mutex
	peers map[string]*peer
	tapes map[int]*tape // by the number of events of a frame
}

func newServer() *server { return &server{peers: map[string]*peer{}, tapes: map[int]*tape{}} }

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/stocks", s.accept)
	mux.HandleFunc("POST /play", s.play)
	return mux
}

// peer is one connection. Data goes out in whole frames by NetConn, so that pongs fall between them.
type peer struct {
	ws    *websocket.Conn
	ready chan struct{} // closed when all feeds are subscribed to
	feeds map[string]bool
}

// of returns the peer of a key, made by who comes first: the connection or the request to play.
func (s *server) of(key string) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[key]
	if p == nil {
		p = &peer{ready: make(chan struct{}), feeds: map[string]bool{}}
		s.peers[key] = p
	}
	return p
}

func (s *server) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.peers, key)
}

func (s *server) accept(w http.ResponseWriter, r *http.Request) {
	ws, err := (&websocket.Upgrader{WriteBufferSize: 64 << 10}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	if err := say(ws, status("connected", "Connected Successfully")); err != nil {
		return
	}
	key, err := login(ws)
	if err != nil {
		return
	}
	defer s.forget(key)
	p := s.of(key)
	p.ws = ws
	p.serve()
}

// login waits for the key.
func login(ws *websocket.Conn) (string, error) {
	var req request
	if err := ws.ReadJSON(&req); err != nil {
		return "", err
	}
	if req.Action != "auth" {
		return "", fmt.Errorf("%q before the key", req.Action)
	}
	return req.Params, say(ws, status("auth_success", "authenticated"))
}

// request is what a client sends.
type request struct {
	Action string `json:"action"`
	Params string `json:"params"`
}

// serve confirms subscriptions and answers pings until the connection ends.
func (p *peer) serve() {
	for {
		var req request
		if err := p.ws.ReadJSON(&req); err != nil {
			return
		}
		if req.Action != "subscribe" && req.Action != "unsubscribe" {
			continue
		}
		if err := say(p.ws, acks(req)...); err != nil {
			return
		}
		if req.Action == "subscribe" {
			p.subscribed(req.Params)
		}
	}
}

// feeds are the subscriptions without which nothing is played.
var feeds = []string{"T", "Q", "AM"}

func (p *peer) subscribed(params string) {
	for _, item := range strings.Split(params, ",") {
		feed, _, _ := strings.Cut(item, ".")
		p.feeds[feed] = true
	}
	for _, feed := range feeds {
		if !p.feeds[feed] {
			return
		}
	}
	select {
	case <-p.ready:
	default:
		close(p.ready)
	}
}

func acks(req request) []string {
	var out []string
	for _, item := range strings.Split(req.Params, ",") {
		out = append(out, status("success", req.Action+"d to: "+item))
	}
	return out
}

func status(code, message string) string {
	text, _ := json.Marshal(message) // a string always has a text
	return fmt.Sprintf(`{"ev":"status","status":%q,"message":%s}`, code, text)
}

// say writes events as one frame.
func say(ws *websocket.Conn, events ...string) error {
	return ws.WriteMessage(websocket.TextMessage, []byte("["+strings.Join(events, ",")+"]"))
}

// play answers once the frames are on their way.
func (s *server) play(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	key := q.Get("key")
	frames, err := strconv.Atoi(q.Get("frames"))
	events, err2 := strconv.Atoi(q.Get("events"))
	rate, err3 := strconv.Atoi(q.Get("rate"))
	if key == "" || err != nil || err2 != nil || q.Has("rate") && err3 != nil || events < 1 || frames < 1 || rate < 0 {
		http.Error(w, "play?key=K&events=E&frames=N[&rate=R]", http.StatusBadRequest)
		return
	}
	p := s.of(key)
	select {
	case <-p.ready:
	case <-time.After(readyWithin):
		http.Error(w, "the client of this key has not subscribed to T, Q and AM", http.StatusGatewayTimeout)
		return
	case <-r.Context().Done():
		return
	}
	out := p.ws.NetConn()
	if rate > 0 {
		go pace(out, events, frames, rate)
	} else {
		go flood(out, s.tapeOf(events), frames)
	}
}
