package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ venue, frame, want string }{
		{"iqoption", `{"name":"authenticate","request_id":"1","msg":{"ssid":"S","protocol":3,"session_id":"","client_session_id":"C"}}`,
			`{"name":"authenticate","request_id":"1","msg":{"ssid":"REDACTED","protocol":3,"session_id":"","client_session_id":"REDACTED"}}`},
		{"iqoption", `{"a":[{"ss\u0069d":{"x":1}}],"msg":{"session_id":12}, "session_id":"kept"}`,
			`{"a":[{"ss\u0069d":"REDACTED"}],"msg":{"session_id":"REDACTED"}, "session_id":"kept"}`},
		{"iqoption", `{"ssid":null}`, `{"ssid":null}`},
		{"iqoption", `{"ssid":"S"`, `<11 bytes>`},
		{"iqoption", `password=x`, `<10 bytes>`},
		{"kraken", `{"method":"subscribe","params":{"channel":"balances","token":"T"}}`, `{"method":"subscribe","params":{"channel":"balances","token":"REDACTED"}}`},
		{"kraken", `{"method":"other","params":{"x":[{"token":"T"}]},"more":1}`, `{"method":"other","params":{"x":[{"token":"REDACTED"}]},"more":1}`},
		{"krakenv1", `{"event":"addOrder","token":"T","pair":"X"}`, `{"event":"addOrder","token":"REDACTED","pair":"X"}`},
		{"krakenv1", `[0,{"token":"T"},"ticker","X"]`, `[0,{"token":"REDACTED"},"ticker","X"]`},
		{"polygon", `{"action":"auth","params":"KEY"}`, `{"action":"auth","params":"REDACTED"}`},
		{"polygon", `{"action":"subscribe","params":"T.A"}`, `{"action":"subscribe","params":"T.A"}`},
		{"ibkr", `{"session":"S"}`, `{"session":"REDACTED"}`},
		{"ibkr", `{"topic":"act","args":{"sessionId":"S","n":1}}`, `{"topic":"act","args":{"sessionId":"REDACTED","n":1}}`},
		{"ibkr", `smd+1+{"fields":["31"],"session":"S"}`, `smd+1+{"fields":["31"],"session":"REDACTED"}`},
		{"ibkr", `ech+hb`, `ech+hb`},
		{"ibkr", `nobody knows {"session":"S"}`, `<28 bytes>`},
		{"ibkr", ``, `<0 bytes>`},
	} {
		got := drafts()[tt.venue].Redact([]byte("x"), []byte(tt.frame))
		require.Equal(t, "x"+tt.want, string(got))
	}
}

func TestRedactKeepsOtherFramesAsTheyAre(t *testing.T) {
	t.Parallel()
	for venue, p := range drafts() {
		p.Sensitive, p.RPCs = nil, nil
		for _, s := range samples(t, venue) {
			if s.dir == "in" && wire.Valid(s.frame) {
				require.Equal(t, s.String(), string(p.Redact(nil, s.frame)))
			}
		}
	}
}
