// Pin prints the fingerprint of the key that a running gateway shows, for -pin of the other examples and for
// stream.WithPin. Run it on the machine of the gateway; without an address it asks a fake one:
//
//	go run ./examples/ibkr/pin https://localhost:5000
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
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
	switch len(args) {
	case 0:
		fake := ibkrtest.New(ibkrtest.WithServer(streamtest.OnLoopback()))
		defer fake.Close()
		if err := fake.Err(); err != nil {
			return err
		}
		args = []string{fake.HTTPURL()}
	case 1:
	default:
		return errors.New("usage: pin [https://localhost:5000]")
	}
	pin, err := ibkr.GatewayPin(ctx, args[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, pin)
	return err
}
