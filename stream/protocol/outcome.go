package protocol

import (
	"bytes"
	"slices"
)

// Outcome is what a reply or an acknowledgement says.
type Outcome uint8

// The outcomes. Undecided is neither: whoever sent an order must take its outcome as unknown.
const (
	Undecided Outcome = iota
	Accepted
	Refused
)

// String names the outcome.
func (o Outcome) String() string {
	switch o {
	case Accepted:
		return "accepted"
	case Refused:
		return "refused"
	}
	return "undecided"
}

// Refusal is what a venue says when it refuses. It owns its memory.
type Refusal struct {
	Code    string // "" none; numbers as their digits
	Message string // "" none; what is no text as its JSON
	Detail  []byte // JSON; nil none
	Known   *ErrorCode
	Item    string // which item of several is refused; "" not said
}

// ReplyOutcome judges the reply of a call: a refused match that holds, of the venue or of the call, makes it Refused;
// every list of ok matches that is given must hold for Accepted.
func (p *Protocol) ReplyOutcome(r *RPC, frame []byte) (Outcome, *Refusal) {
	c, ok := p.Classify(frame)
	if !ok {
		return Undecided, nil
	}
	if holds(p.Errors.Refused, c, frame) || holds(r.Refused, c, frame) {
		refusal := p.refusal(c, frame, r.ErrorText)
		refusal.Item = firstText(c, frame, r.Item)
		return Refused, refusal
	}
	return accepted(c, frame, p.Errors.Ok, r.Ok), nil
}

// AckOutcome judges the acknowledgement of a request. With [AckReply] the frame has the id of the request and is
// judged like a reply, except that a frame for which On is given and does not hold stays Undecided. With other modes
// nothing ties the frame to the request, so it is Undecided unless On or the ack's own Refused holds.
func (p *Protocol) AckOutcome(a *Ack, frame []byte) (Outcome, *Refusal) {
	c, ok := p.Classify(frame)
	if !ok || a == nil {
		return Undecided, nil
	}
	on := holds(a.On, c, frame)
	venue := on || a.Mode == AckReply
	if holds(a.Refused, c, frame) || venue && holds(p.Errors.Refused, c, frame) {
		refusal := p.refusal(c, frame, a.Error)
		if got, _ := AckItem(a, "", c, frame); len(got) > 0 {
			refusal.Item = got[0].Value
		}
		return Refused, refusal
	}
	if !on && (a.Mode != AckReply || len(a.On) > 0) {
		return Undecided, nil
	}
	return accepted(c, frame, p.Errors.Ok, a.Ok), nil
}

// IsGate tells whether a frame that has the id of a call is the acknowledgement that comes before its reply.
func (p *Protocol) IsGate(r *RPC, c *Class, frame []byte) bool {
	if p.Gate == nil || r.NoGate {
		return false
	}
	return len(p.Gate.On) == 0 || holds(p.Gate.On, c, frame)
}

// GateOutcome judges the acknowledgement that comes before a call's reply. Undecided when the protocol has none.
func (p *Protocol) GateOutcome(frame []byte) (Outcome, *Refusal) { return p.AckOutcome(p.Gate, frame) }

// RefusalOf is the refusal in any frame for which the venue's refused matches hold, such as a status push; nil when
// none holds.
func (p *Protocol) RefusalOf(c *Class, frame []byte) *Refusal {
	if !holds(p.Errors.Refused, c, frame) {
		return nil
	}
	return p.refusal(c, frame, nil)
}

// accepted wants every list of ok matches that is given to hold.
func accepted(c *Class, frame []byte, lists ...[]Match) Outcome {
	for _, ms := range lists {
		if len(ms) > 0 && !holds(ms, c, frame) {
			return Undecided
		}
	}
	return Accepted
}

func holds(ms []Match, c *Class, frame []byte) bool {
	_, ok := Hold(ms, c, frame)
	return ok
}

// refusal reads the parts of a refusal; text is the entry's own path of the message.
func (p *Protocol) refusal(c *Class, frame []byte, text Path) *Refusal {
	r := &Refusal{Code: textOf(c, frame, p.Errors.Code)}
	if r.Message = textOf(c, frame, text); r.Message == "" {
		r.Message = textOf(c, frame, p.Errors.Text)
	}
	if len(p.Errors.Detail) > 0 {
		if v, ok := At(c, frame, p.Errors.Detail); ok {
			r.Detail = bytes.Clone(v)
		}
	}
	r.Known = p.Known(r.Code, r.Message)
	return r
}

// Known finds the error of a code, else that whose text pattern fits with the most literal text; nil if none. Where
// several codes or texts share a name, the first of that name stands for all: it is the one that callers compare with.
func (p *Protocol) Known(code, message string) *ErrorCode {
	known := p.known(code, message)
	if known == nil {
		return nil
	}
	i := slices.IndexFunc(p.Errors.Codes, func(e *ErrorCode) bool { return e.Name == known.Name })
	return p.Errors.Codes[i]
}

func (p *Protocol) known(code, message string) *ErrorCode {
	var best *ErrorCode
	most := -1
	for _, e := range p.Errors.Codes {
		if e.Code != "" {
			if e.Code == code {
				return e
			}
			continue
		}
		if e.Text == nil || message == "" {
			continue
		}
		if n := e.Text.Pattern.LiteralLen(); n > most && e.Text.fits(message) {
			best, most = e, n
		}
	}
	return best
}

// textOf is the value at a path as text; "" when there is no path or no value.
func textOf(c *Class, frame []byte, path Path) string {
	if len(path) == 0 {
		return ""
	}
	v, _ := At(c, frame, path)
	return string(scalarText(v))
}

// firstText is the text at the first path that is there.
func firstText(c *Class, frame []byte, paths []Path) string {
	for _, path := range paths {
		if v, ok := At(c, frame, path); ok {
			return string(scalarText(v))
		}
	}
	return ""
}
