package contender

import (
	"bytes"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

// OursNewIDs is Ours with trades that never have the id of an earlier one, as at the venue, to show that Ours gains nothing
// by frames that come round again. The time includes writing the new ids into the frame.
func OursNewIDs(sink *feed.Sink) (Reader, error) {
	read, err := Ours(sink)
	if err != nil {
		return nil, err
	}
	n := idNumbers{frames: map[*byte]*numbered{}}
	return func(frame []byte) error { return read(n.renumber(frame)) }, nil
}

// idNumbers counts the ids.
type idNumbers struct {
	last   uint64
	frames map[*byte]*numbered
}

// numbered is a copy of a frame in which the ids are known.
type numbered struct {
	bytes []byte
	ids   [][]byte // parts of bytes: digits
}

func (n *idNumbers) renumber(frame []byte) []byte {
	f := n.frames[&frame[0]]
	if f == nil {
		f = findIDs(bytes.Clone(frame))
		n.frames[&frame[0]] = f
	}
	for _, id := range f.ids {
		n.last++
		for at, left := len(id)-1, n.last; at >= 0; at, left = at-1, left/10 {
			id[at] = '0' + byte(left%10)
		}
	}
	return f.bytes
}

var idKey = []byte(`"i":"`)

func findIDs(frame []byte) *numbered {
	f := &numbered{bytes: frame}
	for from := 0; ; {
		at := bytes.Index(frame[from:], idKey)
		if at < 0 {
			return f
		}
		from += at + len(idKey)
		f.ids = append(f.ids, frame[from:from+bytes.IndexByte(frame[from:], '"')])
	}
}
