package gen

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/venuewire/venuewire/gen/emit"
	"github.com/venuewire/venuewire/gen/ir"
)

// FileSet is generated files by slash path relative to the output root, e.g. "iqoption/marketdata_gen.go".
type FileSet map[string][]byte

// Options are the choices of one run.
type Options struct {
	// SpecPrefix is the spec folder as file headers show it; "" means "specs".
	SpecPrefix string
}

// Generate renders every file of the venues, in parallel. It touches no disk. The same specs always give the same
// bytes. All venues must have loaded without errors.
func Generate(venues []*ir.Venue, o Options) (FileSet, error) {
	if o.SpecPrefix == "" {
		o.SpecPrefix = "specs"
	}
	var jobs []func() (emit.File, error)
	for _, v := range venues {
		jobs = append(jobs, emit.Jobs(v, emit.Options{Specs: o.SpecPrefix})...)
	}
	files := make([]emit.File, len(jobs))
	errs := make([]error, len(jobs))
	parallel(len(jobs), func(i int) { files[i], errs[i] = jobs[i]() })
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("generate: %w", err)
	}
	out := make(FileSet, len(files))
	for _, f := range files {
		if _, twice := out[f.Path]; twice {
			return nil, fmt.Errorf("generate: two spec files yield %s", f.Path)
		}
		out[f.Path] = f.Content
	}
	return out, nil
}

// parallel runs do for 0 to n-1 on as many goroutines as there are processors.
func parallel(n int, do func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
