package stream_test

import (
	"bytes"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
)

// disk is full after some writes, and slow.
type disk struct {
	bytes.Buffer
	room  int
	slow  time.Duration
	tries int
}

func (d *disk) Write(b []byte) (int, error) {
	time.Sleep(d.slow)
	if d.tries++; d.tries > d.room {
		return 0, syscall.ENOSPC
	}
	return d.Buffer.Write(b)
}

// The recording ends with its first error; nobody tries again, and the stream goes on.
func recordingFails(t *testing.T) {
	for name, slow := range map[string]time.Duration{"full": 0, "full and slow": 100 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := polygontest.New()
				defer s.Close()
				file := &disk{room: 5, slow: slow}
				rec := polygontest.NewRecorder(file)
				c, err := polygon.DialStocks(t.Context(), s.Key(), append(s.Options(), stream.WithHooks(rec))...)
				require.NoError(t, err)
				sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
				require.NoError(t, err)
				for range 100 {
					s.Send(polygon.ClusterStocks, s.Event(polygon.ClusterStocks, "T", "AAPL", time.Now()))
					ev, err := sub.Next(t.Context())
					require.NoError(t, err)
					require.Nil(t, ev.Gap)
				}
				require.ErrorIs(t, rec.Err(), syscall.ENOSPC)
				require.EqualValues(t, 1, c.Status().Epoch)
				require.NoError(t, c.Close(t.Context()))
				require.Equal(t, 6, file.tries, "no try after the error")
				require.Equal(t, 5, bytes.Count(file.Bytes(), []byte("\n")), "whole lines")
			})
		})
	}
}
