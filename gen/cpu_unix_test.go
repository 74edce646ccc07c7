//go:build unix

package gen_test

import (
	"syscall"
	"testing"
	"time"
)

// reportCPU adds the processor time of an operation to a benchmark's figures: on a machine that does other things at
// the same time the elapsed time says little. Call it deferred, with the time before.
func reportCPU(b *testing.B, before time.Duration) {
	b.ReportMetric(float64((cpuTime()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
