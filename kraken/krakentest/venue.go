package krakentest

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// All is a count without end for the commands that are counted; 0 ends it.
const All = -1

// Venue is what both fakes have: markets, an account with orders, tokens, and the commands to misbehave. Its methods may
// be called from any goroutine.
type Venue struct {
	cfg    config
	server *streamtest.Server
	speak  dialect
	stop   chan struct{}
	end    sync.Once
	work   sync.WaitGroup

	mu       sync.Mutex
	markets  []*market
	subs     []*sub
	system   string
	busy     map[*streamtest.Session]bool // got something since the last heartbeat
	tokens   tokens
	account  account
	commands commands
}

// dialect is how an API tells things. Its methods are called with the venue locked.
type dialect interface {
	status(state string, session int) string
	heartbeat() string
	// private tells whether a feed wants a token.
	private(feed string) bool
	// item reads what a subscribe or cancel says about one symbol; the text is the venue's refusal.
	item(c *streamtest.Call, item []byte) (*sub, string)
	answer(c *streamtest.Call, a answer)
	snapshot(s *sub) []string
	changes(s *sub, c *changes) []string
	orders(s *sub, events []orderEvent) []string
}

// sub is one subscription of a session.
type sub struct {
	session *streamtest.Session
	feed    string
	k       *market // nil for feeds without symbols
	depth   int
	minutes int64
	quiet   bool // without snapshot
	view    *view
	seq     int64
}

// changes are what happened to a market at a tick.
type changes struct {
	at     time.Time
	levels []level
	events []event
	trades []trade
}

// commands are the misbehaviours that only this venue has, beside those of streamtest.Fault.
type commands struct {
	badSums, refuseOrders, holdOrders, refuseTokens, refuseCancels int
	orderText, tokenText, cancelText                               string
	pushFirst                                                      bool
}

// take uses up one of a counted command. The venue is locked.
func take(n *int) bool {
	if *n > 0 {
		*n--
		return true
	}
	return *n < 0
}

func newVenue(cfg config, server *streamtest.Server, speak dialect) *Venue {
	v := &Venue{
		cfg: cfg, server: server, speak: speak, stop: make(chan struct{}), system: string(kraken.SystemStateOnline),
		busy: make(map[*streamtest.Session]bool), tokens: newTokens(), account: newAccount(cfg.balances),
	}
	for i, m := range cfg.markets {
		v.markets = append(v.markets, newMarket(m, cfg.seed, uint64(i), time.Now()))
	}
	v.routeTokens()
	server.OnConnect(v.greet)
	server.OnSubscribe("", v.onSubscribe)
	server.OnUnsubscribe("", v.onUnsubscribe)
	if cfg.tick > 0 {
		v.work.Go(func() { v.every(cfg.tick, v.Tick) })
	}
	v.work.Go(func() { v.every(time.Second, v.beat) })
	return v
}

func (v *Venue) every(d time.Duration, fn func()) {
	ticker := time.NewTicker(d)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			fn()
		case <-v.stop:
			return
		}
	}
}

func (v *Venue) close() {
	v.end.Do(func() { close(v.stop) })
	v.work.Wait()
	v.server.Close()
}

func (v *Venue) greet(c *streamtest.Session) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c.Push(v.speak.status(v.system, c.ID()))
}

// beat sends heartbeats to sessions that have a subscription and got nothing else, and lets the time of the dead man's
// switch pass.
func (v *Venue) beat() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.prune()
	var done []*streamtest.Session
	for _, s := range v.subs {
		if !v.busy[s.session] && !slices.Contains(done, s.session) {
			s.session.Push(v.speak.heartbeat())
			done = append(done, s.session)
		}
	}
	clear(v.busy)
	if at := v.account.deadman; !at.IsZero() && !time.Now().Before(at) {
		v.account.deadman = time.Time{}
		v.publish(v.cancelAll("cancel_all_orders_after"))
	}
}

// prune forgets the subscriptions of sessions that are gone.
func (v *Venue) prune() {
	live := v.server.Sessions()
	v.subs = slices.DeleteFunc(v.subs, func(s *sub) bool { return !slices.Contains(live, s.session) })
}

// Tick changes every market once and tells the subscribers.
func (v *Venue) Tick() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.prune()
	for _, k := range v.markets {
		c := &changes{at: time.Now(), levels: k.change(), events: k.changeOrders(time.Now())}
		if k.random.IntN(3) == 0 {
			c.trades = append(c.trades, k.trade(c.at))
		}
		for _, s := range v.subs {
			if s.k == k {
				v.push(s, v.speak.changes(s, c))
			}
		}
		v.publish(v.match(k))
	}
}

func (v *Venue) push(s *sub, frames []string) {
	for _, f := range frames {
		v.busy[s.session] = true
		s.session.Push(f)
	}
}

// publish tells the subscribers of the account what happened to orders.
func (v *Venue) publish(events []orderEvent) {
	if len(events) == 0 {
		return
	}
	for _, s := range v.subs {
		if s.k == nil {
			v.push(s, v.speak.orders(s, events))
		}
	}
}

// symbol finds a market by the name that the dialect has for it.
func (v *Venue) symbol(name string, of func(*Market) string) *market {
	for _, k := range v.markets {
		if of(&k.Market) == name {
			return k
		}
	}
	return nil
}

func (v *Venue) onSubscribe(c *streamtest.Call) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.speak.private(c.Name) {
		if fault := v.tokenFault(c.Token); fault != "" {
			c.Refuse("", fault)
			return
		}
		v.tokens.used[c.Token] = true
	}
	for _, item := range c.Items() {
		s, refusal := v.speak.item(c, item)
		if refusal == "" && v.subscribed(s) != nil {
			refusal = "Already subscribed"
		}
		if refusal != "" {
			c.RefuseItem(item, "", refusal)
			continue
		}
		v.subscribe(c, s, item)
	}
}

func (v *Venue) onUnsubscribe(c *streamtest.Call) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if take(&v.commands.refuseCancels) {
		c.Refuse("", v.commands.cancelText)
		return
	}
	for _, item := range c.Items() {
		s, _ := v.speak.item(c, item)
		if s != nil {
			s = v.subscribed(s)
		}
		if s == nil {
			c.RefuseItem(item, "", "Subscription Not Found")
			continue
		}
		v.unsubscribe(s)
		c.AckItem(item)
	}
}

// subscribe takes note of items that the dialect has understood, acknowledges them and sends their snapshots.
func (v *Venue) subscribe(c *streamtest.Call, s *sub, item []byte) {
	c.AckItem(item)
	v.subs = append(v.subs, s)
	if s.k != nil {
		s.view = newView(s.k, s.depth)
	}
	if frames := v.speak.snapshot(s); !s.quiet {
		v.push(s, frames)
	}
}

// subscribed finds a subscription like another one; a symbol has one depth on a socket.
func (v *Venue) subscribed(like *sub) *sub {
	for _, s := range v.subs {
		if s.session == like.session && s.feed == like.feed && s.k == like.k && s.minutes == like.minutes && s.depth == like.depth {
			return s
		}
	}
	return nil
}

func (v *Venue) unsubscribe(s *sub) {
	v.subs = slices.DeleteFunc(v.subs, func(have *sub) bool { return have == s })
}

// checksum is the one that is sent: the right one unless told otherwise.
func (v *Venue) checksum(sum uint32) uint32 {
	if take(&v.commands.badSums) {
		return sum ^ 0xffff
	}
	return sum
}

func (v *Venue) command(set func(*commands)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	set(&v.commands)
}

// CorruptChecksums sends wrong checksums with the next n messages of books, or [All]. Snapshots of API v1 have none.
func (v *Venue) CorruptChecksums(n int) { v.command(func(c *commands) { c.badSums = n }) }

// RefuseOrders refuses the next n orders, or [All], with one of the venue's texts, such as EOrder:Insufficient funds.
func (v *Venue) RefuseOrders(n int, text string) {
	v.command(func(c *commands) { c.refuseOrders, c.orderText = n, text })
}

// HoldOrders takes the next n orders, or [All], and never answers: nobody knows what became of them but who looks at the
// account.
func (v *Venue) HoldOrders(n int) { v.command(func(c *commands) { c.holdOrders = n }) }

// RefuseCancels refuses the next n cancels of subscriptions, or [All], with one of the venue's texts: the subscriptions go
// on.
func (v *Venue) RefuseCancels(n int, text string) {
	v.command(func(c *commands) { c.refuseCancels, c.cancelText = n, text })
}

// PushBeforeReply makes what is told of an order overtake the answer, as happens at the venue.
func (v *Venue) PushBeforeReply(on bool) { v.command(func(c *commands) { c.pushFirst = on }) }

// SetSystem changes the state of the venue, such as maintenance, and tells everybody. Anything but online refuses orders.
func (v *Venue) SetSystem(state string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.system = state
	for _, c := range v.server.Sessions() {
		c.Push(v.speak.status(state, c.ID()))
	}
}

// private checks the token of a call, then answers it.
func (v *Venue) private(handle func(body []byte) answer) func(*streamtest.Call) {
	return func(c *streamtest.Call) {
		v.mu.Lock()
		defer v.mu.Unlock()
		a := no(v.tokenFault(c.Token))
		if a.refusal == "" {
			body := c.Request
			if body == nil {
				body = []byte("{}")
			}
			a = handle(body)
		}
		v.serve(c, a)
	}
}

// serve answers a call, and tells what follows from it.
func (v *Venue) serve(c *streamtest.Call, a answer) {
	if v.commands.pushFirst {
		v.publish(a.events)
		a.events = nil
	}
	if !a.held {
		v.speak.answer(c, a)
	}
	v.publish(a.events)
}

// channel appends an id of a channel, which API v1 still has.
func channel(k *market) string { return strconv.Itoa(300 + len(k.Pair)) }
