package ibkr

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// Target spells the contract for subscriptions: where it trades best, as IBKR routes it.
func (c ConID) Target() Target { return Contract{Conid: wire.Some(c)}.target() }

// On spells the contract on one exchange, such as SMART, ARCA or ISLAND, for subscriptions.
func (c ConID) On(exchange string) Target {
	return Contract{Conid: wire.Some(c), Exchange: wire.Some(exchange)}.target()
}

// Combo spells a combination of contracts for market data. The sign of a leg's ratio is its side: positive buys. Orders
// name the conid of the spread, market data 0.
func Combo(legs ...Leg) Target {
	return Contract{Spread: wire.Some[int64](0), Legs: wire.Some(legs)}.target()
}

func (c Contract) target() Target { return Target(c.String()) }

// Contract takes a target apart. It fails for what is neither a conid, a conid@EXCHANGE nor a combination.
func (t Target) Contract() (c Contract, err error) {
	if strings.ContainsAny(string(t), "+ \t\r\n") {
		return c, fmt.Errorf("ibkr: target %q: the wire allows neither + nor white space there", string(t))
	}
	if err := c.UnmarshalJSON(wire.AppendString(nil, string(t))); err != nil || c.target() != t || c.hollow() {
		return Contract{}, fmt.Errorf("ibkr: target %q is no conid such as 265598, no 265598@ARCA and no 0;;;conid/ratio,conid/ratio", string(t))
	}
	return c, nil
}

// hollow tells of parts that are there but empty.
func (c Contract) hollow() bool {
	exchange, at := c.Exchange.Get()
	legs, combo := c.Legs.Get()
	return at && exchange == "" || combo && len(legs) == 0
}

func checkTargets(targets []Target) error {
	for _, t := range targets {
		if _, err := t.Contract(); err != nil {
			return err
		}
	}
	return nil
}
