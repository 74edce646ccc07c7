package main

import (
	"context"
	"io"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
)

// TestRun connects in the way the printed text says.
func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-key", "k", "-tick", "10ms"}, out) }()
	buf := make([]byte, 1<<12)
	n, err := printed.Read(buf)
	require.NoError(t, err)
	url := regexp.MustCompile(`WithURL\("([^"]+)"\)`).FindStringSubmatch(string(buf[:n]))
	require.Len(t, url, 2, string(buf[:n]))

	client, err := polygon.DialStocks(t.Context(), stream.NewSecret("k"), stream.WithURL(url[1]))
	require.NoError(t, err)
	sub, err := client.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
	require.NoError(t, err)
	_, err = sub.Next(t.Context())
	require.NoError(t, err)
	require.NoError(t, client.Close(t.Context()))
	cancel()
	require.NoError(t, <-ended)
}
