package iqoption

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

const (
	testUser    = 100000001
	testBalance = 1000000012
)

// room is a scripted trade room. It knows one session id at a time and ticks like the venue.
type room struct {
	*streamtest.Server
	t    *testing.T
	log  *lockedLog
	stop chan struct{}

	mu   sync.Mutex
	ssid string
}

// lockedLog keeps what a client logs.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// inRoom runs a test against a fresh trade room in a bubble, and searches for secrets in what was logged.
func inRoom(t *testing.T, f func(t *testing.T, r *room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &room{Server: streamtest.NewServer(&wireProtocol), t: t, log: new(lockedLog), stop: make(chan struct{}), ssid: streamtest.CanarySSID}
		r.OnCall("authenticate", r.authenticate)
		r.Reply("core.get-profile", fmt.Sprintf(`{"isSuccessful":true,"message":[],"result":{"user_id":%d}}`, testUser))
		var ticker sync.WaitGroup
		ticker.Go(r.tick)
		defer func() {
			close(r.stop)
			ticker.Wait()
			r.Close()
			require.Empty(t, r.Problems())
			require.NotContains(t, r.log.String(), streamtest.CanarySSID)
			require.NotContains(t, r.log.String(), streamtest.CanaryPassword)
		}()
		f(t, r)
	})
}

func (r *room) authenticate(c *streamtest.Call) {
	var msg struct{ SSID string }
	if json.Unmarshal(c.Request, &msg) != nil || msg.SSID != r.accepted() {
		c.Session.Push(`{"name":"authenticated","msg":false}`)
		return
	}
	c.Reply("true", kv("client_session_id", `"client-session"`))
}

func (r *room) accepted() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ssid
}

func (r *room) accept(ssid string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ssid = ssid
}

func (r *room) tick() {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		select {
		case now := <-every.C:
			r.Push(fmt.Sprintf(`{"name":"timeSync","msg":%d}`, now.UnixMilli()))
		case <-r.stop:
			return
		}
	}
}

func (r *room) options(more ...stream.Option) []stream.Option {
	logger := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	opts := append(r.Options(), WithAuthURL(r.HTTPURL()+"/api"), stream.WithLogger(logger))
	return append(opts, more...)
}

// dial makes a client that is closed with the test.
func (r *room) dial(more ...stream.Option) *Client {
	r.t.Helper()
	c, err := Dial(r.t.Context(), StaticSSID(stream.NewSecret(streamtest.CanarySSID)), r.options(more...)...)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { require.NoError(r.t, c.Close(context.Background())) })
	return c
}

// authentications counts the logins on sockets.
func (r *room) authentications() int { return len(r.CallsOf("authenticate")) }

// web is a scripted login service.
type webStep func(w http.ResponseWriter, body map[string]string)

// serveLogin answers logins with the given steps in turn, the last one again and again, and returns the bodies.
func (r *room) serveLogin(path string, steps ...webStep) *webLog {
	log := new(webLog)
	r.HandleHTTP("POST /api"+path, func(w http.ResponseWriter, req *http.Request) {
		var body map[string]string
		_ = json.NewDecoder(req.Body).Decode(&body)
		n := log.add(body)
		steps[min(n, len(steps)-1)](w, body)
	})
	return log
}

type webLog struct {
	mu     sync.Mutex
	bodies []map[string]string
}

func (l *webLog) add(body map[string]string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bodies = append(l.bodies, body)
	return len(l.bodies) - 1
}

func (l *webLog) all() []map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]map[string]string(nil), l.bodies...)
}

func says(status int, body string) webStep {
	return func(w http.ResponseWriter, _ map[string]string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func loggedIn(ssid string) webStep { return says(200, `{"code":"success","ssid":"`+ssid+`"}`) }

func testCredentials() Credentials {
	return Credentials{Identifier: stream.NewSecret("someone@example.com"), Password: stream.NewSecret(streamtest.CanaryPassword)}
}

// position is a push of a position; rest are further members.
func position(id int64, version int, status, rest string) string {
	return fmt.Sprintf(`{"name":"position-changed","microserviceName":"portfolio","msg":{"id":"h%d","external_id":%d,"user_id":%d,`+
		`"user_balance_id":%d,"active_id":76,"instrument_type":"blitz-option","status":"%s","version":%d,"invest":30,"open_quote":1.18%s}}`,
		id, id, testUser, testBalance, status, version, rest)
}

func blitz() OpenOptionRequest {
	return OpenOptionRequest{
		UserBalanceID: testBalance, ActiveID: 76, OptionTypeID: OptionTypeBlitz, Direction: DirectionCall,
		Stake: wire.DecimalFromInt(30), PayoutPercent: 86, ExpirationSize: wire.Some[int64](60),
	}
}

// optionReply is the answer to an order that opened an option.
func optionReply(id int64) string {
	now := time.Now()
	return fmt.Sprintf(`{"user_id":%d,"id":%d,"price":30,"exp":%d,"created":%d,"type":"blitz","act":76,"direction":"call","value":1.18,"profit_income":186,"profit_return":0}`,
		testUser, id, now.Add(time.Minute).Unix(), now.Unix())
}

// sent lists the requests of the calls of a name as they went over the wire.
func (r *room) sent(name string) []string {
	var out []string
	for _, f := range r.Frames() {
		if call, ok := wireProtocol.ParseClient(f.Data); !f.Sent && ok && call.Name == name {
			out = append(out, string(call.Request))
		}
	}
	return out
}
