// Package bookfeed keeps order books up to date from a subscription: it applies each message, verifies the venue's
// checksum, and gets a new snapshot when something was lost or does not fit. Programs get a [Feed] from the FollowBook
// methods of the clients in packages kraken and krakenv1.
package bookfeed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream"
)

// patience is how long a feed waits for a new snapshot before it asks again.
const patience = 30 * time.Second

// maxTries is how often in a row a new snapshot is asked for without a message that verifies.
const maxTries = 5

// Book is what a feed keeps: a *book.L2 or a *book.L3.
type Book interface {
	Reset()
	Truncate()
	Checksum() uint32
}

// Change is a message that was applied to a book and fits its checksum.
type Change[K comparable, B Book] struct {
	stream.Meta
	Key K
	// Book is the book after the message. It is the feed's own: read it before the next call of the feed, and do not
	// change it.
	Book B
	// Snapshot tells that the book was made anew.
	Snapshot bool
	// Gap is set when changes may be missing between the previous change of this book and this one, which is then a
	// snapshot: the book is right, its history has a hole.
	Gap *stream.Gap
	// Time is when the venue made the message; zero where it does not say.
	Time time.Time
}

// Message is what a feed needs to know of an event.
type Message[K comparable] struct {
	Key      K
	Snapshot bool
	// Sum is the checksum after the message; Summed tells whether there is one.
	Sum    uint32
	Summed bool
	Time   time.Time
}

// Source tells a feed what to read and how. Describe and Apply get events of the subscription; Apply changes a book by
// one, and neither keeps it.
type Source[K comparable, T any, B Book] struct {
	Sub      *stream.Sub[K, T]
	New      func(K) B
	Describe func(*T) Message[K]
	Apply    func(B, *T)
}

// ChecksumError says that new snapshots do not help: the checksums of a book do not fit time and again.
type ChecksumError struct {
	Key       any
	Want, Got uint32
}

// Error implements error.
func (e *ChecksumError) Error() string {
	return fmt.Sprintf("book of %v: checksum is %d, not %d, also after %d new snapshots", e.Key, e.Got, e.Want, maxTries)
}

// Feed keeps the books of some keys. A book whose message does not fit its checksum is subscribed anew, once, and its
// changes are held back until the new snapshot is there; the change that brings it carries a Gap. If none comes in 30 s,
// it is asked for again. The same goes for what a reconnect, a full queue or a message that does not decode may have
// lost.
//
// Messages are applied by whoever calls [Feed.Next], [Feed.Changes] or a handler of [Feed.Handle], one of these at a
// time. Who reads too slowly loses messages, and gets a new snapshot then.
type Feed[K comparable, B Book] struct {
	books   map[K]*state[B]
	pull    func(context.Context) (*Change[K, B], error)
	handle  func(context.Context, func(context.Context, Change[K, B]))
	again   func(reason stream.GapReason, keys ...K)
	add     func(context.Context, ...K) error
	remove  func(context.Context, ...K) error
	ended   func() error
	close   func(context.Context) error
	resyncs atomic.Uint64
	broken  atomic.Pointer[ChecksumError]
}

// state is one book.
type state[B Book] struct {
	book   B
	synced bool        // false: changes are held back until a snapshot
	gap    *stream.Gap // for the next change
	shown  bool        // there was one
	tries  int         // snapshots asked for since a message last fitted
	asked  time.Time   // when the last one was
}

// New makes a feed of a subscription.
func New[K comparable, T any, B Book](src Source[K, T, B]) *Feed[K, B] {
	f := &Feed[K, B]{
		books: make(map[K]*state[B]),
		again: src.Sub.Resubscribe, add: src.Sub.Add, remove: src.Sub.Remove, ended: src.Sub.Err, close: src.Sub.Close,
	}
	take := func(ev *stream.Event[T]) *Change[K, B] {
		m := src.Describe(&ev.Data)
		st := f.books[m.Key]
		if st == nil {
			st = &state[B]{book: src.New(m.Key)}
			f.books[m.Key] = st
		}
		f.lost(ev.Gap, m)
		return f.apply(st, m, ev.Meta, func() { src.Apply(st.book, &ev.Data) })
	}
	f.pull = func(ctx context.Context) (*Change[K, B], error) {
		ev, err := src.Sub.Next(ctx)
		if err != nil {
			return nil, err
		}
		return take(&ev), nil
	}
	f.handle = func(ctx context.Context, fn func(context.Context, Change[K, B])) {
		src.Sub.Handle(ctx, func(ctx context.Context, ev stream.Event[T]) {
			if c := take(&ev); c != nil {
				fn(ctx, *c)
			}
			if f.broken.Load() != nil {
				_ = src.Sub.Close(ctx)
			}
		})
	}
	return f
}

// ours are the gaps behind which a snapshot comes without being asked for: the session is new, or somebody has
// subscribed anew.
const ours = stream.GapReconnect | stream.GapChecksum

// lost notes a gap for every book, since nobody can tell whose messages are missing, and gets new snapshots.
func (f *Feed[K, B]) lost(gap *stream.Gap, m Message[K]) {
	if gap == nil {
		return
	}
	var again []K
	for key, st := range f.books {
		fresh := key == m.Key && m.Snapshot
		if fresh {
			st.note(*gap)
		}
		if gap.Reason&stream.GapReconnect != 0 {
			st.hold(*gap)
		}
		if gap.Reason&^ours != 0 && !fresh {
			st.hold(*gap)
			again = append(again, key)
		}
	}
	f.resync(again...)
}

// apply changes a book; nil while its changes are held back.
func (f *Feed[K, B]) apply(st *state[B], m Message[K], meta stream.Meta, change func()) *Change[K, B] {
	if m.Snapshot {
		if st.synced { // somebody who shares the subscription has asked anew
			st.note(stream.Gap{Reason: stream.GapChecksum})
		}
		st.book.Reset()
		st.synced = true
	}
	if !st.synced {
		// Somebody else had the subscription before, or the venue goes on with what it was to end.
		if st.asked.IsZero() || time.Since(st.asked) > patience {
			f.resync(m.Key)
		}
		return nil
	}
	st.asked = time.Time{}
	change()
	st.book.Truncate()
	if m.Summed {
		if got := st.book.Checksum(); got != m.Sum {
			f.mismatch(st, m, got)
			return nil
		}
		st.tries = 0
	}
	c := &Change[K, B]{Meta: meta, Key: m.Key, Book: st.book, Snapshot: m.Snapshot, Time: m.Time}
	if st.shown { // before the first change nothing can be missing
		c.Gap = st.gap
	}
	st.gap, st.shown = nil, true
	return c
}

func (f *Feed[K, B]) mismatch(st *state[B], m Message[K], got uint32) {
	if st.tries >= maxTries {
		f.broken.Store(&ChecksumError{m.Key, m.Sum, got})
		return
	}
	st.hold(stream.Gap{Reason: stream.GapChecksum})
	f.resync(m.Key)
}

// resync asks for new snapshots.
func (f *Feed[K, B]) resync(keys ...K) {
	if len(keys) == 0 {
		return
	}
	for _, key := range keys {
		f.books[key].tries++
		f.books[key].asked = time.Now()
	}
	f.resyncs.Add(uint64(len(keys)))
	f.again(stream.GapChecksum, keys...)
}

// hold holds changes back until there is a new snapshot.
func (st *state[B]) hold(gap stream.Gap) {
	st.synced = false
	st.note(gap)
}

func (st *state[B]) note(gap stream.Gap) {
	if st.gap == nil {
		st.gap = new(stream.Gap)
	}
	st.gap.Reason |= gap.Reason
	st.gap.Count = max(st.gap.Count, gap.Count)
}

// Next applies messages until one can be shown. It fails with ctx's error, with stream.ErrClosed after a regular close,
// with what ended the subscription, or with a *[ChecksumError].
func (f *Feed[K, B]) Next(ctx context.Context) (Change[K, B], error) {
	for {
		if broken := f.broken.Load(); broken != nil {
			return Change[K, B]{}, broken
		}
		c, err := f.pull(ctx)
		if err != nil {
			return Change[K, B]{}, err
		}
		if c != nil {
			return *c, nil
		}
	}
}

// Changes yields changes until ctx ends (the last pair holds its error), the feed is closed (no error) or it fails (the
// last pair holds the cause).
func (f *Feed[K, B]) Changes(ctx context.Context) iter.Seq2[Change[K, B], error] {
	return func(yield func(Change[K, B], error) bool) {
		for {
			c, err := f.Next(ctx)
			if err == stream.ErrClosed {
				return
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Handle calls fn for every change, in order, on a goroutine of its own. It ends with ctx, with the feed or with the
// client; [Feed.Err] tells why. The book is fn's until it returns.
func (f *Feed[K, B]) Handle(ctx context.Context, fn func(context.Context, Change[K, B])) {
	f.handle(ctx, fn)
}

// Add follows the books of more keys; see stream.Sub.Add.
func (f *Feed[K, B]) Add(ctx context.Context, keys ...K) error { return f.add(ctx, keys...) }

// Remove follows the books of some keys no longer; see stream.Sub.Remove.
func (f *Feed[K, B]) Remove(ctx context.Context, keys ...K) error { return f.remove(ctx, keys...) }

// Resyncs counts the snapshots that were asked for because something was lost or did not fit.
func (f *Feed[K, B]) Resyncs() uint64 { return f.resyncs.Load() }

// Err returns what ended the feed: nil while it lives and after a regular close.
func (f *Feed[K, B]) Err() error {
	if broken := f.broken.Load(); broken != nil {
		return broken
	}
	return f.ended()
}

// Close gives the subscription back. It returns when the venue confirmed, or with ctx's error.
func (f *Feed[K, B]) Close(ctx context.Context) error {
	err := f.close(ctx)
	if errors.Is(err, stream.ErrClosed) {
		return nil
	}
	return err
}
