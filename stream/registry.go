package stream

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// registry is what the user wants to be subscribed. It outlives sessions: each new one is brought to what the
// registry says, in the order in which items were first wanted.
type registry struct {
	l     *Link
	paces map[string]*pace // of the goroutine that sends subscribes

	mu      sync.Mutex
	items   map[itemKey]*wanted
	kinds   map[itemKey]*wanted // by identity, for feeds with members that must agree
	order   uint64
	cancels []*cancel
	groups  []*ackGroup // requests of this session that wait for an acknowledgement, oldest first
	session *session    // the ready one
	kick    chan struct{}
	ended   error
}

type itemKey struct {
	feed *protocol.Feed
	key  string
}

type itemState uint8

const (
	itemWanted itemState = iota // to be asked for
	itemSent
	itemLive
	itemFailed // to be asked for again later
)

// wanted is one item that somebody wants.
type wanted struct {
	itemKey
	fields  object // of the key
	order   uint64
	uses    []*use
	params  object // as last sent
	state   itemState
	assumed bool // live, though nothing confirmed it
	onWire  bool // asked for in this session
	grown   bool // live, to be asked for again with more params
	subID   string
	learned map[string][]byte
	since   time.Time
	nudged  time.Time // asked for again because it was silent
	err     error
	life    lifespan
	retry   backoff
	timer   *time.Timer // of a failed item
}

// use is one handle's share of an item.
type use struct {
	params object
	sent   bool       // the request that is under way includes params
	result chan error // gets the outcome once; nil after that
}

func newRegistry(l *Link) *registry {
	return &registry{
		l:     l,
		paces: pacesOf(l.cfg.Protocol),
		items: make(map[itemKey]*wanted),
		kinds: make(map[itemKey]*wanted),
		kick:  make(chan struct{}, 1),
	}
}

// subscribe is the link's own end of the middleware.
func (l *Link) subscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	if l.set.failFast {
		if _, err := l.readySession(ctx, true); err != nil {
			return err
		}
	}
	if len(items) == 0 {
		return nil
	}
	return l.reg.subscribe(ctx, feed, items)
}

// share is an item with the use that one Subscribe made of it.
type share struct {
	w *wanted
	u *use
	c chan error
}

func (r *registry) subscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	failed := make(map[string]error)
	shares, err := r.want(feed, items, failed)
	if err != nil {
		return err
	}
	for _, sh := range shares {
		select {
		case err = <-sh.c:
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if err != nil {
			failed[sh.w.key] = err
		}
	}
	if len(failed) == 0 {
		return nil
	}
	r.giveUp(shares, failed)
	return &SubscribeError{Feed: feed.Name, Items: failed}
}

// want adds a use to each item and has the session ask for what is missing.
func (r *registry) want(feed *protocol.Feed, items []Item, failed map[string]error) ([]share, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended != nil {
		return nil, r.ended
	}
	var shares []share
	for _, it := range items {
		sh, err := r.wantOne(feed, it)
		if err != nil {
			failed[it.Key] = err
			continue
		}
		shares = append(shares, sh)
	}
	wake(r.kick)
	return shares, nil
}

func (r *registry) wantOne(feed *protocol.Feed, it Item) (sh share, err error) {
	params, err := parseObject(it.Params)
	if err != nil {
		return sh, err
	}
	w, err := r.item(feed, it.Key)
	if err != nil {
		return sh, err
	}
	u := &use{params: params}
	merged, err := mergeParams(feed, append(slices.Clip(w.uses), u))
	if err != nil {
		return sh, err
	}
	u.result = make(chan error, 1)
	sh = share{w, u, u.result}
	w.uses = append(w.uses, u)
	switch {
	case w.state == itemLive && merged.String() == w.params.String():
		u.resolve(nil)
	case w.state == itemLive || w.state == itemSent && merged.String() != w.params.String():
		w.grown = true
	case w.state == itemSent:
		u.sent = true
	case w.state == itemFailed:
		w.state = itemWanted
	}
	return sh, nil
}

// item finds or makes an item; making fails when it disagrees with a live one.
func (r *registry) item(feed *protocol.Feed, key string) (*wanted, error) {
	at := itemKey{feed, key}
	if w := r.items[at]; w != nil {
		return w, nil
	}
	fields, err := parseObject(key)
	if err != nil {
		return nil, err
	}
	kind := itemKey{feed, identity(feed, fields)}
	if other := r.kinds[kind]; other != nil && len(feed.Same) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrConflict, orNone(other.key))
	}
	r.order++
	w := &wanted{itemKey: at, fields: fields, order: r.order, since: time.Now(), retry: backoff{random: r.l.tune.random}}
	r.items[at], r.kinds[kind] = w, w
	return w, nil
}

// resolve tells the waiting Subscribe what became of the item; once.
func (u *use) resolve(err error) {
	if u.result != nil {
		u.result <- err
		u.result = nil
	}
}

// giveUp takes back the uses of what failed.
func (r *registry) giveUp(shares []share, failed map[string]error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var gone []*wanted
	for _, sh := range shares {
		if failed[sh.w.key] != nil && r.drop(sh.w, func(u *use) bool { return u == sh.u }) {
			gone = append(gone, sh.w)
		}
	}
	r.queueCancel(gone)
}

// drop takes one use off an item; it tells whether the venue has to be told that nobody wants it any more.
func (r *registry) drop(w *wanted, is func(*use) bool) (cancel bool) {
	i := slices.IndexFunc(w.uses, is)
	if i < 0 {
		return false
	}
	w.uses[i].resolve(ErrUnsubscribed)
	w.uses = slices.Delete(w.uses, i, i+1)
	if len(w.uses) > 0 {
		return false
	}
	r.forget(w)
	return w.onWire
}

// useWith finds the use with these params; if none has them, any will do.
func (w *wanted) useWith(text string) func(*use) bool {
	params, _ := parseObject(text)
	like := func(u *use) bool { return u.params.String() == params.String() }
	if slices.ContainsFunc(w.uses, like) {
		return like
	}
	return func(*use) bool { return true }
}

func (r *registry) forget(w *wanted) {
	delete(r.items, w.itemKey)
	if kind := (itemKey{w.feed, identity(w.feed, w.fields)}); r.kinds[kind] == w {
		delete(r.kinds, kind)
	}
	w.stopTimers()
}

func (w *wanted) stopTimers() {
	w.life.stop()
	if w.timer != nil {
		w.timer.Stop()
	}
}

// queueCancel hands items to the session; nil when there is nothing to do.
func (r *registry) queueCancel(items []*wanted) *cancel {
	if len(items) == 0 || r.session == nil {
		return nil
	}
	c := newCancel(items)
	r.cancels = append(r.cancels, c)
	wake(r.kick)
	return c
}

// unsubscribe takes one use off each item and waits until the venue confirmed the cancels.
func (r *registry) unsubscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	r.mu.Lock()
	if r.ended != nil {
		r.mu.Unlock()
		return r.ended
	}
	var gone []*wanted
	for _, it := range items {
		w := r.items[itemKey{feed, it.Key}]
		if w == nil {
			continue
		}
		if r.drop(w, w.useWith(it.Params)) {
			gone = append(gone, w)
		}
	}
	c := r.queueCancel(gone)
	r.mu.Unlock()
	if c == nil {
		return nil
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
