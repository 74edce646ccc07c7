package contender

import (
	"encoding/json"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

type stdReader struct{ plainEvents }

// Std is what most clients do with encoding/json: split, look at the kind, decode again.
func Std(sink *feed.Sink) (Reader, error) {
	r := &stdReader{newPlainEvents(feed.Symbols(), sink)}
	return r.frame, nil
}

func (r *stdReader) frame(frame []byte) error {
	var elems []json.RawMessage
	if err := json.Unmarshal(frame, &elems); err != nil {
		return err
	}
	for _, elem := range elems {
		if err := r.element(elem); err != nil {
			return err
		}
	}
	return nil
}

func (r *stdReader) element(elem []byte) error {
	var kind struct {
		Ev string `json:"ev"`
	}
	if err := json.Unmarshal(elem, &kind); err != nil {
		return err
	}
	switch kind.Ev {
	case "T":
		r.trade = plainTrade{}
		if err := json.Unmarshal(elem, &r.trade); err != nil {
			return err
		}
		r.onTrade()
	case "Q":
		r.quote = plainQuote{}
		if err := json.Unmarshal(elem, &r.quote); err != nil {
			return err
		}
		r.onQuote()
	case "AM":
		r.bar = plainBar{}
		if err := json.Unmarshal(elem, &r.bar); err != nil {
			return err
		}
		r.onBar()
	}
	return nil
}
