package stream_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

const coolDown = time.Minute

func TestHappyPath(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		require.Equal(t, stream.Ready, c.Status().State)
		require.EqualValues(t, 1, c.Status().Epoch)

		reply, err := c.Call(ctx, rpcGet, []byte(`{"a":1}`))
		require.NoError(t, err)
		require.Len(t, reply.Frames, 1)
		require.JSONEq(t, `{"method":"get","id":1,"success":true,"result":{"a":1}}`, string(reply.Frames[0]))

		sub, err := c.ticker.Subscribe(ctx, []string{"A", "B"}, `{"snapshot":true}`)
		require.NoError(t, err)
		require.Equal(t, []string{`{"channel":"ticker","symbol":["A","B"],"snapshot":true}`}, v.requests("subscribe"))

		v.peer().tick("A", 1)
		v.peer().tick("C", 2)
		v.peer().tick("B", 3)
		first, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, tick{"ticker", "A", 1}, first.Data)
		require.Nil(t, first.Gap)
		second, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, 3, second.Data.N)
		require.Greater(t, second.Seq, first.Seq)

		require.NoError(t, sub.Close(ctx))
		require.Equal(t, []string{`{"channel":"ticker","symbol":["A","B"]}`}, v.requests("unsubscribe"))
		v.peer().tick("A", 4) // late
		synctest.Wait()
		require.Equal(t, map[string]uint64{"Ticker": 2}, c.Stats().Unwanted)
		_, err = sub.Next(ctx)
		require.ErrorIs(t, err, stream.ErrClosed)

		require.NoError(t, c.Close(ctx))
		<-c.Done()
		require.NoError(t, c.Err())
		require.Equal(t, stream.Closed, c.Status().State)
	})
}

// waitEpoch returns when the client is Ready in a session of at least this number.
func waitEpoch(ctx context.Context, c *client, epoch uint64) error {
	for st := range c.Watch(ctx) {
		if st.State == stream.Ready && st.Epoch >= epoch {
			return nil
		}
	}
	return context.Cause(ctx)
}
