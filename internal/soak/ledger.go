package main

import (
	"fmt"
	"sync"

	"github.com/venuewire/venuewire/stream"
)

// numbered is what a frame says of one event: the events of a symbol count from 1.
type numbered struct {
	symbol string
	number int64
}

// ledger notes which events reached the socket of a client. As a hook it reads the frames by itself and before the client
// does, so that it knows what the client can know.
type ledger struct {
	parse func(frame []byte) []numbered

	mu     sync.Mutex
	read   map[string][]span
	events uint64
	drops  uint64 // as HookDrop tells
	cuts   int
	faults []string
}

// span are numbers that came in without a hole.
type span struct{ from, to int64 }

func newLedger(parse func([]byte) []numbered) *ledger {
	return &ledger{parse: parse, read: make(map[string][]span)}
}

// OnFrameIn implements stream.HookFrameIn.
func (l *ledger) OnFrameIn(f stream.Frame) {
	events := l.parse(f.Bytes())
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		l.note(e)
	}
}

func (l *ledger) note(e numbered) {
	l.events++
	spans := l.read[e.symbol]
	switch n := len(spans); {
	case n > 0 && e.number <= spans[n-1].to:
		l.faults = append(l.faults, fmt.Sprintf("%s: event %d came after %d", e.symbol, e.number, spans[n-1].to))
	case n > 0 && e.number == spans[n-1].to+1:
		spans[n-1].to = e.number
	default:
		l.read[e.symbol] = append(spans, span{e.number, e.number})
	}
}

// OnDrop implements stream.HookDrop.
func (l *ledger) OnDrop(_ string, n uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drops += n
}

// OnDisconnect implements stream.HookDisconnect.
func (l *ledger) OnDisconnect(uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cuts++
}

// between counts the events of a symbol between two numbers, themselves apart, that reached the socket.
func (l *ledger) between(symbol string, after, before int64) (n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	spans := l.read[symbol]
	for i := len(spans) - 1; i >= 0 && spans[i].to > after; i-- { // what is asked for is recent
		n += max(0, min(spans[i].to, before-1)-max(spans[i].from, after+1)+1)
	}
	return n
}

// last is the number of the last event of a symbol that reached the socket.
func (l *ledger) last(symbol string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if spans := l.read[symbol]; len(spans) > 0 {
		return spans[len(spans)-1].to
	}
	return 0
}
