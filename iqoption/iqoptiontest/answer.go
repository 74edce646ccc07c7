package iqoptiontest

import (
	"strconv"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// answer is how a call ends: with data, with a refusal, or with the acknowledgement alone.
type answer struct {
	payload []byte
	no      *refusal
	silent  bool   // nothing but the acknowledgement
	pushes  func() // sent after the answer, or before it on command
}

// refusal is a status from 4000 with its detail, the msg of the frame.
type refusal struct {
	status int
	detail []byte
}

func data(payload []byte) answer { return answer{payload: payload} }

// badRequest is a body that does not decode.
func badRequest(err error) answer {
	var v iqoption.SchemaError
	v.Part.Set("body")
	v.Type.Set("schema_validation")
	v.Message.Set(err.Error())
	return answer{no: &refusal{4000, streamtest.JSON(v)}}
}

// invalid is a body with a value that the venue does not take.
func invalid(field, text string) answer {
	b, _ := json.Marshal(map[string][]string{field: {text}}) // text alone cannot fail
	return answer{no: &refusal{4220, b}}
}

// rejected is an order that the venue does not take.
func rejected(status int, message string) answer {
	var v iqoption.Rejection
	v.Message.Set(message)
	v.Result.Set(wire.Raw("{}"))
	return answer{no: &refusal{status, streamtest.JSON(v)}}
}

// oldServices answer with status 0 where the others have 2000.
var oldServices = map[string]bool{
	"core.get-profile": true, "get-profile": true, "internal-billing.get-balances": true, "get-balances": true,
	"get-initialization-data": true, "get-active": true, "binary-options.sell-options": true, "sell-options": true,
}

func (s *Server) reply(c *streamtest.Call, a answer) {
	switch {
	case a.no != nil:
		c.Refuse(strconv.Itoa(a.no.status), "", protocol.KV{Name: "msg", Value: a.no.detail})
	case a.silent:
	case c.RPC != nil && c.RPC.Reply == protocol.ReplyAck:
		// The venue sends data although its own client has stopped waiting at the acknowledgement.
		status := protocol.KV{Name: "status", Value: []byte("2000")}
		c.SendReply(s.Protocol().AppendReplyFrame(nil, "message", c.RPC.ReplyName, c.ID, a.payload, status))
	case oldServices[c.Name]:
		c.Reply(string(a.payload), protocol.KV{Name: "status", Value: []byte("0")})
	default:
		c.Reply(string(a.payload), protocol.KV{Name: "status", Value: []byte("2000")})
	}
}

// push sends an event of a service to a session.
func (s *Server) push(to *streamtest.Session, service, name string, msg []byte) {
	var beside []protocol.KV
	if service != "" {
		beside = []protocol.KV{{Name: "microserviceName", Value: wire.AppendString(nil, service)}}
	}
	to.Push(string(s.Protocol().AppendReplyFrame(nil, "message", name, "", msg, beside...)))
}

// orEmpty is a body, or the empty one of a call without body.
func orEmpty(body []byte) []byte {
	if body == nil {
		return []byte("{}")
	}
	return body
}
