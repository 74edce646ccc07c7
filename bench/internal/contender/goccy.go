package contender

import (
	"bytes"
	"fmt"

	goccy "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/bench/internal/feed"
	"github.com/venuewire/venuewire/wire"
)

// Goccy splits a frame and reads the kind of its elements by bytes, then decodes each once into a reused struct. Texts
// are copied.
func Goccy(sink *feed.Sink) (Reader, error) {
	return newGoccy(sink, func(elem []byte, v any) error { return goccy.Unmarshal(elem, v) }), nil
}

// GoccyBorrowed is the same by the fastest entry point of goccy/go-json: nothing is allocated
// and texts point into the frame, valid until the handler returns.
func GoccyBorrowed(sink *feed.Sink) (Reader, error) {
	borrow := goccy.DecodeNoCopyString()
	return newGoccy(sink, func(elem []byte, v any) error { return goccy.UnmarshalWithOption(elem, v, borrow) }), nil
}

type goccyReader struct {
	plainEvents
	unmarshal func([]byte, any) error
}

func newGoccy(sink *feed.Sink, unmarshal func([]byte, any) error) Reader {
	r := &goccyReader{plainEvents: newPlainEvents(feed.Symbols(), sink), unmarshal: unmarshal}
	return r.frame
}

func (r *goccyReader) frame(frame []byte) error {
	i, more := wire.EnterArray(frame, 0)
	for more {
		next := wire.Skip(frame, i)
		if next < 0 {
			return fmt.Errorf("element: %s", wire.CodeText(next))
		}
		if err := r.element(frame[i:next]); err != nil {
			return err
		}
		i, more = wire.NextElement(frame, next)
	}
	if i < 0 {
		return fmt.Errorf("frame: %s", wire.CodeText(i))
	}
	return nil
}

var (
	tradeKind = []byte(`{"ev":"T"`)
	quoteKind = []byte(`{"ev":"Q"`)
	barKind   = []byte(`{"ev":"AM"`)
)

func (r *goccyReader) element(elem []byte) error {
	switch {
	case bytes.HasPrefix(elem, tradeKind):
		r.trade = plainTrade{Conditions: r.trade.Conditions[:0]}
		if err := r.unmarshal(elem, &r.trade); err != nil {
			return err
		}
		r.onTrade()
	case bytes.HasPrefix(elem, quoteKind):
		r.quote = plainQuote{Indicators: r.quote.Indicators[:0]}
		if err := r.unmarshal(elem, &r.quote); err != nil {
			return err
		}
		r.onQuote()
	case bytes.HasPrefix(elem, barKind):
		r.bar = plainBar{}
		if err := r.unmarshal(elem, &r.bar); err != nil {
			return err
		}
		r.onBar()
	}
	return nil
}
