// Metrics exports what the hooks of a client tell through package expvar, and shows it.
//
// It serves /debug/vars on the loopback interface while it follows some trades of a fake venue, which cuts the connection
// once; then it asks its own page and prints it:
//
//	go run ./examples/metrics
//	go run ./examples/metrics -listen 127.0.0.1:8080 -duration 10m
//	POLYGON_API_KEY=… go run ./examples/metrics -live
//
// metrics.go is all that another exporter would replace: hooks are plain interfaces, and the library depends on none.
package main

import (
	"bytes"
	"context"
	"errors"
	"expvar"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("metrics", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue; the key is in POLYGON_API_KEY")
	listen := flags.String("listen", "127.0.0.1:0", "address of /debug/vars; port 0 is a free one")
	duration := flags.Duration("duration", 3*time.Second, "time to stop after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	key, opts, cut := stream.NewSecret(os.Getenv("POLYGON_API_KEY")), []stream.Option(nil), func() {}
	if !*live {
		fake := polygontest.New(polygontest.WithMarket(20 * time.Millisecond))
		defer fake.Close()
		key, opts, cut = fake.Key(), fake.Options(), func() { fake.Fault(streamtest.Drop()) }
	}
	page, closePage, err := serve(*listen)
	if err != nil {
		return err
	}
	defer closePage()
	fmt.Fprintln(out, "serving", page)

	m := newMetrics()
	client, err := polygon.DialStocks(ctx, key, append(opts, stream.WithHooks(m))...)
	if err != nil {
		return err
	}
	defer func() {
		_ = client.CloseNow()
		<-client.Done()
	}()
	m.watch(client.Stats)
	publish("polygon.stocks", m.vars)
	defer time.AfterFunc(*duration/2, cut).Stop()
	if err := follow(ctx, client, *duration); err != nil {
		return err
	}
	return show(ctx, page, out)
}

// follow reads trades for a while. It is slower than they come, so that the small queue drops some.
func follow(ctx context.Context, client *polygon.Stocks, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	sub, err := client.SubscribeTrades(ctx, []polygon.Symbol{"AAPL", "MSFT", "BRK.B"}, stream.WithQueue(16, stream.DropOldest))
	if err != nil {
		return err
	}
	for _, err := range sub.Events(ctx) {
		if ctx.Err() != nil {
			return nil // the time is over
		}
		if err != nil {
			return err
		}
		select {
		case <-time.After(15 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return nil
}

// publish puts the numbers of a client under "venuewire" on the page of the process. expvar has one registry and refuses
// a name that it knows.
func publish(client string, vars *expvar.Map) {
	all, ok := expvar.Get("venuewire").(*expvar.Map)
	if !ok {
		all = expvar.NewMap("venuewire")
	}
	all.Set(client, vars)
}

// serve shows expvar on an address; closing waits for the server.
func serve(addr string) (page string, closePage func(), err error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /debug/vars", expvar.Handler())
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l) // ends with Close
	}()
	closePage = func() {
		_ = srv.Close()
		<-done
	}
	return "http://" + l.Addr().String() + "/debug/vars", closePage, nil
}

// show prints the part of the page that is ours.
func show(ctx context.Context, page string, out io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return err
	}
	direct := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy to one's own page
	resp, err := direct.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var all struct {
		Venuewire json.RawMessage `json:"venuewire"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		return err
	}
	if len(all.Venuewire) == 0 {
		return errors.New("the page has no numbers of ours")
	}
	var text bytes.Buffer
	if err := json.Indent(&text, all.Venuewire, "", "  "); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, text.String())
	return err
}
