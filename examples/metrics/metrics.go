package main

import (
	"expvar"
	"time"

	"github.com/venuewire/venuewire/stream"
)

// metrics counts what happens to one client. It is a hook: every method is one of the interfaces of package stream, and
// a hook needs only those that it cares for. Hooks run on the client's own goroutines, so they do no more than add.
type metrics struct {
	vars *expvar.Map

	state                                 *expvar.String
	sessions, lost, dials, failed         *expvar.Int
	framesIn, bytesIn                     *expvar.Int
	framesOut, bytesOut                   *expvar.Int
	decodeErrors                          *expvar.Int
	calls, callErrors, callSeconds, items *expvar.Map // by method; items by event
	gaps, dropped, unknown                *expvar.Map // by feed and reason, by feed, by kind
}

func newMetrics() *metrics {
	m := &metrics{vars: new(expvar.Map), state: new(expvar.String)}
	m.vars.Set("state", m.state)
	for name, v := range map[string]**expvar.Int{
		"sessions": &m.sessions, "sessions_lost": &m.lost, "dials": &m.dials, "dials_failed": &m.failed,
		"frames_in": &m.framesIn, "bytes_in": &m.bytesIn, "frames_out": &m.framesOut, "bytes_out": &m.bytesOut,
		"decode_errors": &m.decodeErrors,
	} {
		*v = new(expvar.Int)
		m.vars.Set(name, *v)
	}
	for name, v := range map[string]**expvar.Map{
		"calls": &m.calls, "call_errors": &m.callErrors, "call_seconds": &m.callSeconds, "items": &m.items,
		"gaps": &m.gaps, "dropped": &m.dropped, "unknown": &m.unknown,
	} {
		*v = new(expvar.Map)
		m.vars.Set(name, *v)
	}
	return m
}

// watch adds what is no event but a level: it is looked up when somebody asks.
func (m *metrics) watch(stats func() stream.Stats) {
	m.vars.Set("now", expvar.Func(func() any {
		st := stats()
		live := 0
		for _, s := range st.Subscriptions {
			if s.State == "live" {
				live++
			}
		}
		age := -1.0
		if !st.LastFrame.IsZero() {
			age = time.Since(st.LastFrame).Seconds()
		}
		return map[string]any{
			"items_live": live, "items": len(st.Subscriptions), "pending_calls": st.PendingCalls,
			"late_replies": st.LateReplies, "last_frame_seconds": age,
		}
	}))
}

func (m *metrics) OnConnect(i stream.ConnectInfo) {
	m.dials.Add(1)
	if i.Err != nil {
		m.failed.Add(1)
	}
}

func (m *metrics) OnDisconnect(uint64, error) { m.lost.Add(1) }

func (m *metrics) OnState(st stream.Status) {
	m.state.Set(st.State.String())
	if st.State == stream.Ready {
		m.sessions.Add(1)
	}
}

func (m *metrics) OnFrameIn(f stream.Frame) {
	m.framesIn.Add(1)
	m.bytesIn.Add(int64(f.Size))
}

func (m *metrics) OnFrameOut(f stream.Frame) {
	m.framesOut.Add(1)
	m.bytesOut.Add(int64(f.Size))
}

func (m *metrics) OnCall(i stream.CallInfo) {
	m.calls.Add(i.Method, 1)
	m.callSeconds.AddFloat(i.Method, i.Took.Seconds())
	if i.Err != nil {
		m.callErrors.Add(i.Method, 1)
	}
}

func (m *metrics) OnSubscription(i stream.SubscriptionInfo) { m.items.Add(string(i.Event), 1) }

func (m *metrics) OnGap(feed string, g stream.Gap) { m.gaps.Add(feed+" "+g.Reason.String(), 1) }

func (m *metrics) OnDrop(feed string, n uint64) { m.dropped.Add(feed, int64(n)) }

func (m *metrics) OnUnknown(kind string, _ stream.Frame) { m.unknown.Add(kind, 1) }

func (m *metrics) OnDecodeError(error, stream.Frame) { m.decodeErrors.Add(1) }
