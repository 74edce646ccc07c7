// Fake serves a fake IQ Option on a loopback port, for clients in any language. It runs until it is
// interrupted.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/serving"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
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
	flags := flag.NewFlagSet("fake", flag.ContinueOnError)
	tick := flags.Duration("tick", 500*time.Millisecond, "time between two prices")
	seed := flags.Uint64("seed", 1, "chooses other prices")
	heartbeat := flags.Duration("heartbeat", 10*time.Second, "time between two heartbeats; 0 is none")
	serve := serving.Register(flags, "127.0.0.1:0")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := serve.Until(ctx)
	defer cancel()
	server := iqoptiontest.New(
		iqoptiontest.WithServer(serve.Options()...),
		iqoptiontest.WithTick(*tick), iqoptiontest.WithSeed(*seed), iqoptiontest.WithHeartbeat(*heartbeat),
	)
	defer server.Close()
	if err := server.Err(); err != nil {
		return err
	}
	account := server.Account()
	fmt.Fprintf(out, usage, server.HTTPURL(), server.URL(), account.Identifier, account.Password, account.DemoID())
	<-ctx.Done()
	serving.Report(out, server)
	return nil
}

const usage = `A fake IQ Option is listening.

  login      POST %[1]s/api/v2/login
             {"identifier":"%[3]s","password":"%[4]s"}
  socket     %[2]s/echo/websocket
             {"name":"authenticate","request_id":"1","msg":{"ssid":"<ssid of the login>","protocol":3}}
  demo id    %[5]d

In Go:

  client, err := iqoption.Dial(ctx,
      iqoption.LoginSource(iqoption.Credentials{
          Identifier: stream.NewSecret("%[3]s"), Password: stream.NewSecret("%[4]s"),
      }),
      stream.WithURL("%[2]s"), iqoption.WithAuthURL("%[1]s/api"))

`
