package protocol_test

import (
	"testing"

	. "github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

func seed(f *testing.F) {
	for venue := range drafts() {
		for _, s := range samples(f, venue) {
			f.Add(s.frame)
		}
	}
	for _, s := range []string{"", "{", "[", `{"":`, `[[[[`, "\xff", `{"a":"\u"}`, `{"req_id":1e999999999}`, `{"status":-}`, `{"session":"\ud800"}`} {
		f.Add([]byte(s))
	}
}

// FuzzInbound: whatever a venue sends, nothing panics, and headers and classes agree.
func FuzzInbound(f *testing.F) {
	seed(f)
	ps := drafts()
	f.Fuzz(func(t *testing.T, b []byte) {
		for venue, p := range ps {
			c, ok := p.Classify(b)
			h, err := p.Header(b)
			if err == nil && (!ok || h.Class != c) {
				t.Fatalf("%s: header says %s, classify %v", venue, h.Class.Name, ok)
			}
			for _, r := range p.RPCs {
				Answers(r, c, b)
				p.ReplyOutcome(r, b)
				ReplyItem(r, c, b)
			}
			for _, feed := range p.Feeds {
				p.AckOutcome(&feed.Ack, b)
				AckItem(&feed.Ack, feed.Name, c, b)
				AckItem(&feed.CancelAck, feed.Name, c, b)
				LearnFrom(feed, c, b)
			}
			_ = p.Elements(c, b, func(e []byte) bool { _, _ = p.Header(e); return true })
			for range AllAt(c, b, Path{"payload", Each, "a"}) {
				continue
			}
			p.RefusalOf(c, b)
		}
	})
}

// FuzzClient: whatever a client sends, nothing panics, and redaction leaves JSON as JSON.
func FuzzClient(f *testing.F) {
	seed(f)
	ps := drafts()
	f.Fuzz(func(t *testing.T, b []byte) {
		for venue, p := range ps {
			got, ok := p.ParseClient(b)
			if ok {
				for _, item := range got.Items() {
					if !wire.Valid(item) {
						t.Fatalf("%s: item %s", venue, item)
					}
				}
				for _, object := range [][]byte{got.Request, got.Route, got.Params} {
					if object != nil && !wire.Valid(object) {
						t.Fatalf("%s: object %s", venue, object)
					}
				}
			}
			clean := p.Redact(nil, b)
			if wire.Valid(b) && !wire.Valid(clean) {
				t.Fatalf("%s: %q became %q", venue, b, clean)
			}
		}
	})
}
