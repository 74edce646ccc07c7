// Command feedserver is the other end of the end-to-end benchmarks, in a process of its own: a stocks cluster that
// accepts any key, confirms every subscription and then plays prebuilt frames, as fast as they are taken or at a rate.
//
// It prints its address and serves until its standard input ends, so that it never outlives who started it.
//
//	ws://ADDR/stocks                                     the cluster
//	POST http://ADDR/play?key=K&events=E&frames=N        play N frames of E events to the connection of key K
//	POST http://ADDR/play?key=K&events=E&frames=N&rate=R the same, R frames a second with times in them
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "feedserver:", err)
		os.Exit(1)
	}
}

// run serves until stdin ends.
func run(stdin io.Reader, stdout io.Writer) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: newServer().handler()}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	if _, err := fmt.Fprintln(stdout, ln.Addr()); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, stdin)
	_ = srv.Close()
	if err := <-failed; err != http.ErrServerClosed {
		return err
	}
	return nil
}
