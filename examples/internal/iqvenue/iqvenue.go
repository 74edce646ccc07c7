// Package iqvenue lets the examples choose between a fake IQ Option, which needs neither account nor network, and the
// real one.
package iqvenue

import (
	"errors"
	"os"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
)

// Pick returns what iqoption.Dial wants, and a function that ends the fake. For the real venue the environment has the
// session id of a login in a browser (IQOPTION_SSID), or IQOPTION_IDENTIFIER and IQOPTION_PASSWORD.
func Pick(live bool) (src iqoption.SSIDSource, opts []stream.Option, done func(), err error) {
	if !live {
		fake := iqoptiontest.New()
		return fake.Login(), fake.Options(), fake.Close, nil
	}
	if ssid := os.Getenv("IQOPTION_SSID"); ssid != "" {
		return iqoption.StaticSSID(stream.NewSecret(ssid)), nil, func() {}, nil
	}
	creds := iqoption.Credentials{
		Identifier: stream.NewSecret(os.Getenv("IQOPTION_IDENTIFIER")),
		Password:   stream.NewSecret(os.Getenv("IQOPTION_PASSWORD")),
	}
	if creds.Identifier.IsZero() || creds.Password.IsZero() {
		return nil, nil, nil, errors.New("-live needs IQOPTION_SSID, or IQOPTION_IDENTIFIER and IQOPTION_PASSWORD, in the environment")
	}
	return iqoption.LoginSource(creds), nil, func() {}, nil
}
