package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestRun(t *testing.T) {
	s := ibkrtest.New(ibkrtest.WithServer(streamtest.OnLoopback()))
	defer s.Close()
	want, err := s.Pin()
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{s.HTTPURL()}, &out))
	require.Equal(t, want+"\n", out.String())
	out.Reset()
	require.NoError(t, run(t.Context(), nil, &out))
	require.Regexp(t, `^sha256//\S+\n$`, out.String(), "that of a fake")
	require.ErrorContains(t, run(t.Context(), []string{"a", "b"}, &out), "usage")
}
