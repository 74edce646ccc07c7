// Package ibkrvenue lets the examples choose between a fake gateway of Interactive Brokers, which needs neither account
// nor network, and a real one.
package ibkrvenue

import (
	"flag"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
)

// Flags are those of every example.
type Flags struct {
	gateway, pin, cert string
	unverified         bool
}

// Add defines the flags.
func Add(set *flag.FlagSet) *Flags {
	f := new(Flags)
	set.StringVar(&f.gateway, "gateway", "", "address of a real gateway, such as https://localhost:5000")
	set.StringVar(&f.pin, "pin", "", "fingerprint of the gateway's key, as examples/ibkr/pin prints it")
	set.StringVar(&f.cert, "cert", "", "PEM file with the gateway's certificate")
	set.BoolVar(&f.unverified, "unverified", false, "accept any certificate of a gateway on this machine")
	return f
}

// Venue is what an example talks to.
type Venue struct {
	Options []stream.Option
	Fake    *ibkrtest.Server // nil: a real gateway
}

// Pick starts a fake, or points at the real gateway.
func (f *Flags) Pick() *Venue {
	if f.gateway == "" {
		fake := ibkrtest.New()
		return &Venue{fake.Options(), fake}
	}
	opts := []stream.Option{ibkr.WithGateway(f.gateway)}
	if f.pin != "" {
		opts = append(opts, stream.WithPin(f.pin))
	}
	if f.cert != "" {
		opts = append(opts, ibkr.WithCertificateFile(f.cert))
	}
	if f.unverified {
		opts = append(opts, ibkr.WithUnverifiedLoopbackCertificate())
	}
	return &Venue{Options: opts}
}

// Close ends the fake.
func (v *Venue) Close() {
	if v.Fake != nil {
		v.Fake.Close()
	}
}
