package main

import (
	"context"
	"io"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
)

// TestRun connects in the way the printed text says.
func TestRun(t *testing.T) {
	for api, trades := range map[string]func(t *testing.T, url string){
		"v2": func(t *testing.T, url string) {
			client, err := kraken.DialPublic(t.Context(), stream.WithURL(url))
			require.NoError(t, err)
			sub, err := client.SubscribeTrades(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.TradesParams{})
			require.NoError(t, err)
			_, err = sub.Next(t.Context())
			require.NoError(t, err)
			require.NoError(t, client.Close(t.Context()))
		},
		"v1": func(t *testing.T, url string) {
			client, err := krakenv1.DialPublic(t.Context(), stream.WithURL(url))
			require.NoError(t, err)
			sub, err := client.SubscribeTrades(t.Context(), []krakenv1.Pair{"XBT/USD"})
			require.NoError(t, err)
			_, err = sub.Next(t.Context())
			require.NoError(t, err)
			require.NoError(t, client.Close(t.Context()))
		},
	} {
		t.Run(api, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			printed, out := io.Pipe()
			ended := make(chan error, 1)
			go func() { ended <- run(ctx, []string{"-api", api, "-tick", "10ms"}, out) }()
			buf := make([]byte, 1<<12)
			n, err := printed.Read(buf)
			require.NoError(t, err)
			url := regexp.MustCompile(`WithURL\("([^"]+)"\)`).FindStringSubmatch(string(buf[:n]))
			require.Len(t, url, 2, string(buf[:n]))
			trades(t, url[1])
			cancel()
			require.NoError(t, <-ended)
		})
	}
}

func TestUnknownAPI(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"-api", "v3"}, io.Discard), "v3")
}
