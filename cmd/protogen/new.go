package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/naming"
	"github.com/venuewire/venuewire/gen/spec"
)

type newCmd struct {
	Kind   string `arg:"" enum:"rpc,subscription,event" help:"rpc, subscription or event."`
	Name   string `arg:"" help:"Wire name; of an event the name of its message."`
	Venue  string `required:"" placeholder:"NAME" help:"The venue."`
	Domain string `placeholder:"NAME" help:"The domain, when the venue has several."`
	Go     string `placeholder:"NAME" help:"Go name, when the one made from the wire name will not do."`
	Source string `placeholder:"ID" help:"Source of the name, id or id#place."`
	Effect string `enum:"read,write,order" default:"write" help:"What a call does at the venue: read, write or order."`
}

func (newCmd) Help() string {
	return `The entry is added at the end of its section; comments and layout of the file stay. It is valid, and says what is not
known yet in its list unknown. If the specs had errors with it, nothing is written.

Examples:

  protogen new rpc get-candle-gaps --venue iqoption --domain marketdata --effect read
  protogen new subscription ohlc --venue kraken --domain market --source docs
  protogen new event status --venue kraken --domain market --go SystemStatus`
}

// Run adds the entry.
func (c *newCmd) Run(e *env) error {
	m, err := e.loadGood()
	if err != nil {
		return err
	}
	venues, err := gen.Select(m, c.Venue)
	if err != nil {
		return bad("%v", err)
	}
	v := venues[0]
	d, err := c.domain(v)
	if err != nil {
		return err
	}
	if c.Go == "" {
		c.Go = naming.New(v.Initialisms...).Exported(c.Name)
	}
	if err := c.mustBeNew(v, d); err != nil {
		return err
	}
	file := specFile(m.Tree, v, d)
	if file == nil {
		return bad("cannot find the file of domain %s", d.Name)
	}
	text, line, err := insert(file, c.section(), c.entry(v, d))
	if err != nil {
		return err
	}
	return c.write(e, path.Join(v.Dir, d.File), text, line)
}

// domain picks the domain file that gets the entry.
func (c *newCmd) domain(v *ir.Venue) (*ir.Domain, error) {
	var names []string
	for _, d := range v.Domains {
		if d.Name == c.Domain || c.Domain == "" && len(v.Domains) == 1 {
			return d, nil
		}
		names = append(names, d.Name)
	}
	known := strings.Join(names, ", ")
	if c.Domain == "" {
		return nil, bad("venue %s has several domains; say --domain, one of: %s", v.Name, known)
	}
	return nil, bad("venue %s has no domain %q; there are: %s", v.Name, c.Domain, known)
}

// key is the name under which the entry stands in the file.
func (c *newCmd) key() string {
	if c.Kind == "event" {
		return c.Go
	}
	return c.Name
}

// mustBeNew refuses a name that the domain has already.
func (c *newCmd) mustBeNew(v *ir.Venue, d *ir.Domain) error {
	for _, it := range items([]*ir.Venue{v}) {
		if it.domain != d || string(it.kind) != c.Kind {
			continue
		}
		if it.name() == c.key() {
			return bad("%s is there already; see protogen show %s/%s/%s", it.full(), v.Name, d.Name, c.key())
		}
	}
	return nil
}

func (c *newCmd) section() string { return c.Kind + "s" }

func specFile(t *spec.Tree, v *ir.Venue, d *ir.Domain) *spec.File {
	for _, sv := range t.Venues {
		if sv.Dir != v.Dir {
			continue
		}
		for _, f := range sv.Domains {
			if path.Base(f.Path) == d.File {
				return f
			}
		}
	}
	return nil
}

// write checks the changed specs as a whole before the file is replaced.
func (c *newCmd) write(e *env, name string, text []byte, line int) error {
	m, found := e.loadFrom(overlay{os.DirFS(e.specs), name, text})
	if errs := found.Errors(); len(errs) > 0 {
		if err := e.refuse(m, errs); err != nil {
			return bad("the entry does not fit as it is (%v); nothing was written", err)
		}
	}
	disk := filepath.Join(e.specs, filepath.FromSlash(name))
	if err := writeFile(disk, text); err != nil {
		return bad("%v", err)
	}
	e.say("%s:%d: added %s %s; fill it in, then run: %s generate", filepath.ToSlash(disk), line, c.Kind, c.Name, fixCommand)
	return nil
}

// overlay is a file system in which one file has another content.
type overlay struct {
	fs.FS
	name    string
	content []byte
}

// ReadFile returns the other content of the one file.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if name == o.name {
		return o.content, nil
	}
	return fs.ReadFile(o.FS, name)
}
