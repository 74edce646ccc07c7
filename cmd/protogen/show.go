package main

import (
	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/ir"
)

type showCmd struct {
	Name string `arg:"" help:"Wire name, Go name or method, alone or as venue/name or venue/domain/name; of events also the name of their message."`
	Kind string `enum:"rpc,subscription,event," default:"" help:"Only rpc, subscription or event."`
}

func (showCmd) Help() string {
	return `Examples:

  protogen show get-candles               by wire name
  protogen show SubscribeTrades           by method
  protogen show polygon/stocks/T          where several venues or domains have the name`
}

// Run prints the page of one entry.
func (c *showCmd) Run(e *env) error {
	m, err := e.loadGood()
	if err != nil {
		return err
	}
	var all []item
	for _, it := range items(m.Venues) {
		if c.Kind == "" || string(it.kind) == c.Kind {
			all = append(all, it)
		}
	}
	it, err := find(all, c.Name)
	if err != nil {
		return err
	}
	files, err := gen.Generate([]*ir.Venue{it.venue}, gen.Options{SpecPrefix: "specs"})
	if err != nil {
		return bad("%v", err)
	}
	signatures, err := methodSignatures(files, it.goNames())
	if err != nil {
		return bad("%v", err)
	}
	p := &page{venue: it.venue}
	p.item(it, signatures)
	_, err = p.WriteTo(e.stdout)
	return err
}
