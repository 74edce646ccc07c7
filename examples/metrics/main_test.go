package main

import (
	"strings"
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"
)

// shown is what the page must have.
type shown struct {
	Client struct {
		State        string
		Sessions     int `json:"sessions"`
		SessionsLost int `json:"sessions_lost"`
		Dials        int
		FramesIn     int `json:"frames_in"`
		BytesIn      int `json:"bytes_in"`
		FramesOut    int `json:"frames_out"`
		Items        map[string]int
		Gaps         map[string]int
		Dropped      map[string]int
		Calls        map[string]int
		Now          struct {
			ItemsLive int `json:"items_live"`
		}
	} `json:"polygon.stocks"`
}

func TestRun(t *testing.T) {
	for range 2 { // a second client in one process has its numbers too
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-duration", "5s"}, &out))
		_, text, ok := strings.Cut(out.String(), "\n")
		require.True(t, ok)
		var page shown
		require.NoError(t, json.Unmarshal([]byte(text), &page), text)
		c := page.Client
		require.Equal(t, 2, c.Sessions, text)
		require.Equal(t, 1, c.SessionsLost)
		require.GreaterOrEqual(t, c.Dials, 2)
		require.Greater(t, c.BytesIn, c.FramesIn)
		require.Positive(t, c.FramesOut)
		require.Equal(t, 2, c.Calls["auth"])
		require.Positive(t, c.Items["live"])
		require.Positive(t, c.Dropped["Trades"])
		require.Equal(t, 1, c.Gaps["Trades reconnect"])
		require.Positive(t, c.Gaps["Trades slow-consumer"])
		require.Equal(t, "ready", c.State)
		require.Equal(t, 3, c.Now.ItemsLive)
	}
}

func TestAnAddressThatIsNone(t *testing.T) {
	require.Error(t, run(t.Context(), []string{"-listen", "nowhere:x"}, nil))
	require.Error(t, run(t.Context(), []string{"-unknown"}, nil))
}
