package iqoption_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// The snippets of README.md, run against the fake venue.

func watch(ctx context.Context, src iqoption.SSIDSource, opts ...stream.Option) error {
	client, err := iqoption.Dial(ctx, src, opts...)
	if err != nil {
		return err
	}
	defer client.Close(context.Background())
	sub, err := client.SubscribeCandles(ctx, []iqoption.CandlesKey{{ActiveID: 76, Size: iqoption.CandleSizeM1}})
	if err != nil {
		return err
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(ev.Data.At.Format(time.TimeOnly), ev.Data.Close)
	}
	return nil
}

func login() iqoption.SSIDSource {
	return iqoption.LoginSource(iqoption.Credentials{
		Identifier: stream.NewSecret(os.Getenv("IQOPTION_IDENTIFIER")),
		Password:   stream.NewSecret(os.Getenv("IQOPTION_PASSWORD")),
	})
}

func TestReadmeWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		venue := iqoptiontest.New()
		defer venue.Close()
		t.Setenv("IQOPTION_IDENTIFIER", iqoptiontest.DefaultIdentifier)
		t.Setenv("IQOPTION_PASSWORD", streamtest.CanaryPassword)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		require.ErrorIs(t, watch(ctx, login(), venue.Options()...), context.DeadlineExceeded)
		require.NoError(t, venue.WaitUnsubscribed(t.Context(), "candle-generated"))
		require.Empty(t, venue.Problems())
	})
}

// handle shows the other ways to get events.
func handle(ctx context.Context, client *iqoption.Client, keys []iqoption.CandlesKey) error {
	sub, err := client.SubscribeCandles(ctx, keys, stream.WithQueue(256, stream.Conflate))
	if err != nil {
		return err
	}
	sub.Handle(ctx, func(ctx context.Context, ev stream.Event[iqoption.LiveCandle]) {
		if ev.Gap != nil {
			log.Printf("candles may be missing before this one: %v", ev.Gap.Reason)
		}
		mood, err := client.GetTradersMood(ctx, iqoption.GetTradersMoodRequest{
			Instrument: iqoption.InstrumentTypeTurbo, AssetID: ev.Data.ActiveID,
		})
		log.Println(ev.Data.Close, mood, err)
	})

	_, err = client.DirectCandles(ctx, keys, func(c *iqoption.LiveCandle, m stream.Meta) {
		log.Println(m.Received, c.Close) // c is borrowed: copy what you keep, do not call the client
	})
	if err != nil {
		return err
	}

	for st := range client.Watch(ctx) {
		log.Println(st.State, st.Epoch, st.Err)
	}
	return nil
}

func TestReadmeHandle(t *testing.T) {
	log.SetOutput(t.Output())
	defer log.SetOutput(os.Stderr)
	synctest.Test(t, func(t *testing.T) {
		venue := iqoptiontest.New()
		defer venue.Close()
		client, err := iqoption.Dial(t.Context(), venue.Login(), venue.Options()...)
		require.NoError(t, err)
		defer func() { require.NoError(t, client.Close(context.Background())) }()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		keys := []iqoption.CandlesKey{{ActiveID: iqoptiontest.EURUSDOTC, Size: iqoption.CandleSizeM1}}
		require.NoError(t, handle(ctx, client, keys))
		require.NotEmpty(t, venue.CallsOf("get-traders-mood"))
		require.Equal(t, 1, asked(venue, "candle-generated"), "two handles of one key are one subscription")
	})
}

// asked counts the frames in which clients asked for a feed.
func asked(venue *iqoptiontest.Server, feed string) (n int) {
	for _, f := range venue.Frames() {
		if text := string(f.Data); !f.Sent && strings.Contains(text, `"subscribeMessage"`) && strings.Contains(text, feed) {
			n++
		}
	}
	return n
}

// buy shows what a trader must tell apart.
func buy(ctx context.Context, client *iqoption.Client, order iqoption.OpenOptionRequest) error {
	sent := time.Now()
	option, err := client.OpenOption(ctx, order)
	switch {
	case err == nil:
		log.Println("bought option", option.ID)
	case errors.Is(err, stream.ErrNotSent):
		log.Println("nothing was sent: decide anew, the price has moved on")
	case errors.Is(err, stream.ErrOutcomeUnknown):
		found, err := client.Reconcile(ctx, iqoption.Attempt{Request: order, SentAt: sent})
		log.Println("it may have been executed; positions that fit it:", len(found), err)
	case errors.Is(err, iqoption.ErrProfitRateChanged):
		if now, ok := iqoption.ProfitRateChangedDetail(err); ok {
			log.Println("the payout has changed:", now.Message)
		}
	default:
		log.Println("refused:", err) // a *stream.VenueError with the venue's code
	}
	return err
}

func TestReadmeBuy(t *testing.T) {
	log.SetOutput(t.Output())
	defer log.SetOutput(os.Stderr)
	synctest.Test(t, func(t *testing.T) {
		venue := iqoptiontest.New()
		defer venue.Close()
		client, err := iqoption.Dial(t.Context(), venue.Login(), venue.Options()...)
		require.NoError(t, err)
		defer func() { require.NoError(t, client.Close(context.Background())) }()

		require.NoError(t, buy(t.Context(), client, blitz(venue)))

		require.NoError(t, venue.RaisePayout(iqoptiontest.EURUSDOTC, -3))
		require.ErrorIs(t, buy(t.Context(), client, blitz(venue)), iqoption.ErrProfitRateChanged)
		require.NoError(t, venue.RaisePayout(iqoptiontest.EURUSDOTC, 3))

		venue.Fault(streamtest.DropFrames(streamtest.All))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		require.ErrorIs(t, buy(ctx, client, blitz(venue)), stream.ErrOutcomeUnknown)
		venue.Fault(streamtest.Heal())

		venue.Fault(streamtest.RefuseDials(streamtest.All))
		venue.Fault(streamtest.Drop())
		synctest.Wait()
		require.ErrorIs(t, buy(t.Context(), client, blitz(venue)), stream.ErrNotSent)
	})
}

// blitz is an order on the demo balance of the fake.
func blitz(venue *iqoptiontest.Server) iqoption.OpenOptionRequest {
	return iqoption.OpenOptionRequest{
		UserBalanceID: venue.Account().DemoID(), ActiveID: iqoptiontest.EURUSDOTC,
		OptionTypeID: iqoption.OptionTypeBlitz, Direction: iqoption.DirectionCall,
		Stake: wire.DecimalFromInt(10), PayoutPercent: 89, ExpirationSize: wire.Some[int64](30),
	}
}

func TestFollowsAnOptionThroughALostConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // its clock jumps: the 30 s of the option pass at once
		venue := iqoptiontest.New()
		defer venue.Close()
		client, err := iqoption.Dial(t.Context(), venue.Login(), venue.Options()...)
		require.NoError(t, err)
		defer client.Close(context.Background())

		follow, err := client.OpenAndFollow(t.Context(), blitz(venue))
		require.NoError(t, err)
		venue.Fault(streamtest.Drop())
		closed, err := follow.Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, iqoption.PositionStatusClosed, closed.Status)
		require.Len(t, venue.CallsOf("binary-options.open-option"), 1, "an order is never sent twice")
	})
}

// TestNewFieldsEventsAndValuesBreakNothing sends what no spec knows among what one does.
func TestNewFieldsEventsAndValuesBreakNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		venue := iqoptiontest.New()
		defer venue.Close()
		client, err := iqoption.Dial(t.Context(), venue.Login(), venue.Options()...)
		require.NoError(t, err)
		defer func() { require.NoError(t, client.Close(context.Background())) }()
		sub, err := client.SubscribeQuotes(t.Context(), []iqoption.ActiveID{999})
		require.NoError(t, err)

		venue.Push(`{"name":"brand-new-event","msg":{"active_id":999}}`)
		venue.Push(`{"name":"quote-generated","microserviceName":"quotes","msg":{"active_id":999,"time":1770900000,"ask":2,"bid":1,"value":1.5,` +
			`"phase":"Z","brand_new":{"a":[1]}}}`)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Nil(t, ev.Gap)
		require.Equal(t, "1", ev.Data.Bid.String())
		require.Equal(t, iqoption.Phase("Z"), ev.Data.Phase)
		require.EqualValues(t, 1, client.Stats().Unknown["message brand-new-event"])

		drift := map[wire.DriftKind]string{}
		for _, row := range client.Drift().Snapshot() {
			if row.Type == "Quote" || row.Type == "Phase" {
				drift[row.Kind] += row.Name + " "
			}
		}
		require.Contains(t, drift[wire.DriftUnknownMember], "brand_new")
		require.Contains(t, drift[wire.DriftUnknownEnum], "Z")
	})
}
