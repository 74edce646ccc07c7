package main

import (
	"context"
	"runtime"
	"time"
)

// meter samples memory and goroutines while the load lasts.
type meter struct {
	duration time.Duration
	base     float64   // bytes that the fakes alone have
	heap     []float64 // bytes in use after a collection, beyond the base
	routines []float64
}

const samples = 60

// newMeter is called before there are clients.
func newMeter(d time.Duration) *meter { return &meter{duration: d, base: heapInUse()} }

func heapInUse() float64 {
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	return float64(mem.HeapAlloc)
}

// run samples until ctx ends. The first tenth is left out: until then buffers grow to what they need.
func (m *meter) run(ctx context.Context) {
	if sleep(ctx, m.duration/10) != nil {
		return
	}
	for sleep(ctx, m.duration/samples) == nil {
		m.heap = append(m.heap, heapInUse()-m.base)
		m.routines = append(m.routines, float64(runtime.NumGoroutine()))
	}
}

// thirds are what of makes of the first and of the last third.
func thirds(list []float64, of func([]float64) float64) (first, last float64) {
	n := len(list) / 3
	if n == 0 {
		return 0, 0
	}
	return of(list[:n]), of(list[len(list)-n:])
}

func mean(list []float64) (sum float64) {
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

// settledGoroutines counts goroutines once those that are about to end have ended.
func settledGoroutines() int {
	n := runtime.NumGoroutine()
	for range 100 {
		time.Sleep(10 * time.Millisecond)
		now := runtime.NumGoroutine()
		if now >= n {
			return now
		}
		n = now
	}
	return n
}
