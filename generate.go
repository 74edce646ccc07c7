// Package venuewire is the root of typed Go clients for trading venues' WebSocket protocols, generated from YAML specs.
//
// The root holds no code: programs import the package of a venue (iqoption, ibkr, polygon, kraken, kraken/krakenv1) and
// the stream package, which has the options, errors and subscriptions that all venues share. The specs are in specs, the
// generator is the command cmd/protogen, and the generator as a library is the package gen.
package venuewire

//go:generate go tool protogen generate
