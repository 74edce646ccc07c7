package bench_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// server is the address of the process that plays frames.
var server string

// TestMain starts the server in a process of its own, with one processor: it shall not be the limit, and not take the
// others from the clients.
func TestMain(m *testing.M) { os.Exit(withServer(m.Run)) }

func withServer(run func() int) int {
	dir, err := os.MkdirTemp("", "feedserver")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	stop, err := startServer(filepath.Join(dir, "feedserver.exe"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer stop()
	return run()
}

func startServer(binary string) (stop func(), err error) {
	if out, err := exec.Command("go", "build", "-o", binary, "./feedserver").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build ./feedserver: %w\n%s", err, out)
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	server = strings.TrimSpace(line)
	return func() { _ = stdin.Close(); _ = cmd.Wait() }, err
}

var keys atomic.Int64

// newKey makes keys by which the server tells the connections apart.
func newKey() string { return fmt.Sprintf("key-%d", keys.Add(1)) }

// play makes the server send frames to the connection of a key, at a rate a second or, for 0, as fast as they are taken.
func play(tb testing.TB, key string, events, frames, rate int) {
	tb.Helper()
	url := fmt.Sprintf("http://%s/play?key=%s&events=%d&frames=%d&rate=%d", server, key, events, frames, rate)
	res, err := http.Post(url, "", nil)
	require.NoError(tb, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, res.StatusCode, string(text))
}
