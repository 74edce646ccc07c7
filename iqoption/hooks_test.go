package iqoption

import (
	"context"
	"errors"
	"net"

	"github.com/venuewire/venuewire/stream"
)

// connectHook makes a hook of a function.
type connectHook func(stream.ConnectInfo)

func (h connectHook) OnConnect(i stream.ConnectInfo) { h(i) }

func noNetwork(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("no network here")
}
