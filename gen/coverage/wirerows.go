package coverage

import "github.com/venuewire/venuewire/gen/ir"

// sharedName stands for the name of an entry in frames that are named by it; such frames are no row of their own.
const sharedName = "\x00"

// wire adds the frames that all entries of a sort share.
func (b *builder) wire() {
	b.shared("call", b.w.Call, b.w.AckCall)
	b.shared("subscribe", b.w.Subscribe, b.w.AckSubscribe)
	b.shared("unsubscribe", b.w.Unsubscribe, b.w.AckUnsubscribe)
}

func (b *builder) shared(name string, templates []*ir.Template, ack *ir.Ack) {
	if len(templates) == 0 {
		return
	}
	frame := nameOfTemplate(templates[0], sharedName)
	e := Entry{Kind: KindWire, Name: name, Messages: ackNames(ack, b.w.Classes)}
	if frame.text != sharedName {
		e.Frames = []string{frame.text}
	}
	e.Level = b.sharedLevel(frame)
	b.finish(&e)
	b.add(e)
}

// sharedLevel finds the best example that sends such a frame; that the template is there makes it typed.
func (b *builder) sharedLevel(frame frameName) Level {
	best := Typed
	for _, d := range b.v.Domains {
		for _, r := range d.RPCs {
			best = max(best, sentLevel(r.Examples, frame))
		}
		for _, s := range d.Subscriptions {
			best = max(best, sentLevel(s.Examples, frame))
			for _, e := range s.Events {
				best = max(best, sentLevel(e.Examples, frame))
			}
		}
	}
	return best
}

func sentLevel(examples []*ir.Example, frame frameName) Level {
	return proven(ir.Provenance{}, examples, func(ex *ir.Example) bool {
		for _, s := range ex.Steps {
			if s.Send && frame.isIn(s.Frame) {
				return true
			}
		}
		return false
	})
}
