package main

import (
	"bufio"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/stream"
)

// TestRun connects the way the printed text says.
func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-trade", "10ms"}, out) }()
	var text strings.Builder
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "ibkr.Dial(") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, printed) }()
	said := regexp.MustCompile(`WithGateway\("(.*?)"\), stream.WithPin\("(.*?)"\)`).FindStringSubmatch(text.String())
	require.Len(t, said, 3, text.String())
	client, err := ibkr.Dial(t.Context(), ibkr.WithGateway(said[1]), stream.WithPin(said[2]))
	require.NoError(t, err)
	orders, err := client.SubscribeLiveOrders(t.Context(), ibkr.LiveOrdersParams{})
	require.NoError(t, err)
	ev, err := orders.Next(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, ev.Data.Orders)
	require.NoError(t, client.Close(context.Background()))
	cancel()
	require.NoError(t, <-ended)
}

func TestAddressThatIsTaken(t *testing.T) {
	require.Error(t, run(t.Context(), []string{"-listen", "256.0.0.1:1"}, io.Discard))
}
