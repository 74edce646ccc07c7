package iqoptiontest

import (
	"strconv"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// leaseTime is how long states of a position come before the client has to ask again.
const leaseTime = time.Minute

func (s *Server) leasePositions(p *peer, c *streamtest.Call) answer {
	var r iqoption.LeasePositionStatesRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	now := time.Now()
	ends := now.Add(leaseTime)
	s.mu.Lock()
	for _, id := range r.IDs {
		p.leases[id] = ends
	}
	s.mu.Unlock()
	v := iqoption.PositionsLease{
		SubscriptionID: "76675537684305" + strconv.Itoa(10_000+p.session.ID()), ExpiresIn: int64(leaseTime / time.Second),
	}
	v.ExpiresAt.Set(ends)
	return data(streamtest.JSON(v))
}

// leased lists the positions whose states a session gets; leases that are over are forgotten.
func (s *Server) leased(p *peer, now time.Time) map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]bool, len(p.leases))
	for id, ends := range p.leases {
		if now.Before(ends) {
			out[id] = true
		} else {
			delete(p.leases, id)
		}
	}
	return out
}

// pushStates sends a session the values of its leased positions.
func (s *Server) pushStates(p *peer, now time.Time) {
	if !p.wants("positions-state") && !p.wants("portfolio.positions-state") {
		return
	}
	leased := s.leased(p, now)
	v := iqoption.PositionsState{Positions: []iqoption.PositionState{}, ExpiresIn: int64(leaseTime / time.Second)}
	v.UserID.Set(p.account.UserID)
	a := p.account
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range a.options {
		if leased[o.hash()] && o.result == iqoption.PositionResultOpened {
			v.Positions = append(v.Positions, o.state(now))
		}
	}
	if len(v.Positions) > 0 {
		s.push(p.session, "portfolio", "positions-state", streamtest.JSON(v))
	}
}

// state is the value of an open option.
func (o *option) state(now time.Time) iqoption.PositionState {
	worth := o.worth(now)
	v := iqoption.PositionState{
		InstrumentType: termsOf[o.kind].family, SellProfit: worth.decimal(), Margin: o.stake.decimal(),
		CurrentPrice: o.asset.decimal(o.asset.price(now.UnixMilli())), PnL: (worth - o.stake).decimal(),
		NetPnL: (worth - o.stake).decimal(), OpenPrice: o.asset.decimal(o.openPrice),
		ExpectedProfit: o.stake.percent(100 + o.payout).decimal(),
	}
	v.ID.Set(o.hash())
	v.QuoteTime.Set(now)
	return v
}
