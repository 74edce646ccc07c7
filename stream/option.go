package stream

import (
	"errors"
	"fmt"
	"strings"
)

// Option configures a client or a subscription. Venues make their own with [OptionFor]; one that fits nothing it
// is given to is an error, never ignored.
type Option struct {
	name  string
	apply func(config any) bool
}

// OptionFor makes an option that sets a configuration of type C.
func OptionFor[C any](set func(*C)) Option {
	return named(fmt.Sprintf("for %T", *new(C)), set)
}

func named[C any](name string, set func(*C)) Option {
	return Option{name, func(config any) bool {
		c, ok := config.(*C)
		if ok {
			set(c)
		}
		return ok
	}}
}

// Configure applies options to targets, which are pointers to configurations. Every option must fit at least one
// target; the error names those that do not.
func Configure(opts []Option, targets ...any) error {
	var errs []error
	for i, o := range opts {
		if !o.fits(targets) {
			errs = append(errs, fmt.Errorf("stream: option %d (%s) does not fit here", i+1, o))
		}
	}
	return errors.Join(errs...)
}

func (o Option) fits(targets []any) bool {
	if o.apply == nil {
		return false
	}
	fits := false
	for _, t := range targets {
		fits = o.apply(t) || fits
	}
	return fits
}

// String names the option.
func (o Option) String() string {
	if o.apply == nil {
		return "the zero Option"
	}
	return strings.TrimSpace(o.name)
}
