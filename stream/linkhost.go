package stream

import "context"

// The methods below make a Link the host of its topics.

func (l *Link) queueDefaults() *queueConfig { return &l.queues }

func (l *Link) noteGap(name string, g Gap) {
	for _, h := range l.hooks.gap {
		h.OnGap(name, g)
	}
}

func (l *Link) noteDrop(name string, n uint64) {
	for _, h := range l.hooks.drop {
		h.OnDrop(name, n)
	}
}

func (l *Link) noteUnwanted(name string) {
	l.set.logger.Debug("stream: events that no handle wants; later ones are only counted", "event", name)
}

func (l *Link) enter(ctx context.Context, name string) (context.Context, func()) {
	return l.crowd.enter(ctx, name)
}

func (l *Link) recoverFunc() func(value any, stack []byte) { return l.set.recovered }

func (l *Link) closes() <-chan struct{} { return l.closed }

var (
	_ host      = (*Link)(nil)
	_ Conn      = (*Link)(nil)
	_ Registrar = (*Link)(nil)
)
