package main

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRun logs in the way the printed text says.
func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, nil, out) }()
	buf := make([]byte, 1<<12)
	n, err := printed.Read(buf)
	require.NoError(t, err)
	text := string(buf[:n])
	url := regexp.MustCompile(`POST (http://\S+)`).FindStringSubmatch(text)
	body := regexp.MustCompile(`\{"identifier".*\}`).FindString(text)
	require.Len(t, url, 2, text)
	resp, err := http.Post(url[1], "application/json", strings.NewReader(body))
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Contains(t, string(answer), `"code":"success"`)
	cancel()
	require.NoError(t, <-ended)
}
