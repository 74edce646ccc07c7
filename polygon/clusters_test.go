package polygon_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
)

// feed is a subscription of any type.
type feed interface {
	Stats() stream.SubStats
	Close(context.Context) error
}

// opened is what a Subscribe method returned.
func opened[S feed](s S, err error) (feed, error) { return s, err }

// Every feed of every cluster can be subscribed by its method, and what the fake sends for it decodes and arrives.
func TestEveryFeed(t *testing.T) {
	type client interface {
		Close(context.Context) error
		Stats() stream.Stats
	}
	keys := func(s ...polygon.Symbol) []polygon.Symbol { return s }
	for name, open := range map[polygon.Cluster]func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error){
		polygon.ClusterStocks: func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error) {
			c, err := polygon.DialStocks(ctx, v.Key(), v.options()...)
			k := keys("BRK.B")
			return c, map[string]func() (feed, error){
				"T":    func() (feed, error) { return opened(c.SubscribeTrades(ctx, k)) },
				"Q":    func() (feed, error) { return opened(c.SubscribeQuotes(ctx, k)) },
				"A":    func() (feed, error) { return opened(c.SubscribeSecondAggregates(ctx, k)) },
				"AM":   func() (feed, error) { return opened(c.SubscribeMinuteAggregates(ctx, k)) },
				"LULD": func() (feed, error) { return opened(c.SubscribeLULD(ctx, k)) },
				"NOI":  func() (feed, error) { return opened(c.SubscribeImbalances(ctx, k)) },
				"FMV":  func() (feed, error) { return opened(c.SubscribeFairMarketValues(ctx, k)) },
				"LV":   func() (feed, error) { return opened(c.SubscribeLaunchpadValues(ctx, k)) },
			}, err
		},
		polygon.ClusterOptions: func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error) {
			c, err := polygon.DialOptions(ctx, v.Key(), v.options()...)
			k := keys("O:SPY251219C00650000")
			return c, map[string]func() (feed, error){
				"T":   func() (feed, error) { return opened(c.SubscribeTrades(ctx, k)) },
				"Q":   func() (feed, error) { return opened(c.SubscribeQuotes(ctx, k)) },
				"A":   func() (feed, error) { return opened(c.SubscribeSecondAggregates(ctx, k)) },
				"AM":  func() (feed, error) { return opened(c.SubscribeMinuteAggregates(ctx, k)) },
				"FMV": func() (feed, error) { return opened(c.SubscribeFairMarketValues(ctx, k)) },
				"LV":  func() (feed, error) { return opened(c.SubscribeLaunchpadValues(ctx, k)) },
			}, err
		},
		polygon.ClusterForex: func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error) {
			c, err := polygon.DialForex(ctx, v.Key(), v.options()...)
			k := keys("EUR/USD")
			return c, map[string]func() (feed, error){
				"C":   func() (feed, error) { return opened(c.SubscribeQuotes(ctx, k)) },
				"CA":  func() (feed, error) { return opened(c.SubscribeMinuteAggregates(ctx, k)) },
				"CAS": func() (feed, error) { return opened(c.SubscribeSecondAggregates(ctx, k)) },
				"AM":  func() (feed, error) { return opened(c.SubscribeLaunchpadAggregates(ctx, k)) },
				"FMV": func() (feed, error) { return opened(c.SubscribeFairMarketValues(ctx, k)) },
				"LV":  func() (feed, error) { return opened(c.SubscribeLaunchpadValues(ctx, k)) },
			}, err
		},
		polygon.ClusterCrypto: func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error) {
			c, err := polygon.DialCrypto(ctx, v.Key(), v.options()...)
			k := keys("BTC-USD")
			return c, map[string]func() (feed, error){
				"XT":  func() (feed, error) { return opened(c.SubscribeTrades(ctx, k)) },
				"XQ":  func() (feed, error) { return opened(c.SubscribeQuotes(ctx, k)) },
				"XL2": func() (feed, error) { return opened(c.SubscribeBooks(ctx, k)) },
				"XA":  func() (feed, error) { return opened(c.SubscribeMinuteAggregates(ctx, k)) },
				"XAS": func() (feed, error) { return opened(c.SubscribeSecondAggregates(ctx, k)) },
				"AM":  func() (feed, error) { return opened(c.SubscribeLaunchpadAggregates(ctx, k)) },
				"FMV": func() (feed, error) { return opened(c.SubscribeFairMarketValues(ctx, k)) },
				"LV":  func() (feed, error) { return opened(c.SubscribeLaunchpadValues(ctx, k)) },
			}, err
		},
		polygon.ClusterIndices: func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error) {
			c, err := polygon.DialIndices(ctx, v.Key(), v.options()...)
			k := keys("I:SPX")
			return c, map[string]func() (feed, error){
				"V":  func() (feed, error) { return opened(c.SubscribeValues(ctx, k)) },
				"A":  func() (feed, error) { return opened(c.SubscribeSecondAggregates(ctx, k)) },
				"AM": func() (feed, error) { return opened(c.SubscribeMinuteAggregates(ctx, k)) },
			}, err
		},
		polygon.ClusterFutures: func(ctx context.Context, v *venue) (client, map[string]func() (feed, error), error) {
			c, err := polygon.DialFutures(ctx, v.Key(), v.options()...)
			k := keys("ESZ5")
			return c, map[string]func() (feed, error){
				"T":  func() (feed, error) { return opened(c.SubscribeTrades(ctx, k)) },
				"Q":  func() (feed, error) { return opened(c.SubscribeQuotes(ctx, k)) },
				"A":  func() (feed, error) { return opened(c.SubscribeSecondAggregates(ctx, k)) },
				"AM": func() (feed, error) { return opened(c.SubscribeMinuteAggregates(ctx, k)) },
			}, err
		},
	} {
		t.Run(string(name), func(t *testing.T) {
			inVenue(t, func(t *testing.T, v *venue) {
				c, feeds, err := open(t.Context(), v)
				require.NoError(t, err)
				for prefix, subscribe := range feeds {
					sub, err := subscribe()
					require.NoError(t, err, prefix)
					before := sub.Stats().Events
					time.Sleep(2 * time.Minute)
					require.Greater(t, sub.Stats().Events, before, prefix)
					require.NoError(t, sub.Close(t.Context()), prefix)
				}
				require.Zero(t, c.Stats().DecodeErrors)
				require.Empty(t, c.Stats().Unknown)
				require.NoError(t, c.Close(t.Context()))
			}, polygontest.WithMarket(time.Second))
		})
	}
}

// Every feed has both methods.
func TestEveryFeedHasADirectForm(t *testing.T) {
	n := 0
	for _, c := range []reflect.Type{
		reflect.TypeFor[*polygon.Stocks](), reflect.TypeFor[*polygon.Options](), reflect.TypeFor[*polygon.Forex](),
		reflect.TypeFor[*polygon.Crypto](), reflect.TypeFor[*polygon.Indices](), reflect.TypeFor[*polygon.Futures](),
	} {
		for i := range c.NumMethod() {
			feed, ok := strings.CutPrefix(c.Method(i).Name, "Subscribe")
			if !ok || feed == "" { // the link has a Subscribe of its own
				continue
			}
			n++
			_, ok = c.MethodByName("Direct" + feed)
			require.True(t, ok, "%s has no Direct%s", c, feed)
		}
	}
	require.Equal(t, 35, n)
}

// Pairs of these feeds name themselves otherwise than the subscription does; nothing gets lost by that.
func TestPairsThatNameThemselvesOtherwise(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c, err := polygon.DialForex(t.Context(), v.Key(), v.options()...)
		require.NoError(t, err)
		sub, err := c.SubscribeFairMarketValues(t.Context(), []polygon.Symbol{"EUR/USD"})
		require.NoError(t, err)
		v.Send(polygon.ClusterForex, `{"ev":"FMV","fmv":1.0631,"sym":"C:EURUSD","t":1678220098130}`)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, polygon.Symbol("C:EURUSD"), ev.Data.Symbol)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Feeds without a wildcard refuse it, instead of a subscription that would stay silent.
func TestFeedsWithoutWildcard(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c, err := polygon.DialOptions(t.Context(), v.Key(), v.options()...)
		require.NoError(t, err)
		for name, subscribe := range map[string]func(context.Context, []polygon.Symbol) (feed, error){
			"Q": func(ctx context.Context, k []polygon.Symbol) (feed, error) {
				return opened(c.SubscribeQuotes(ctx, k))
			},
			"FMV": func(ctx context.Context, k []polygon.Symbol) (feed, error) {
				return opened(c.SubscribeFairMarketValues(ctx, k))
			},
			"LV": func(ctx context.Context, k []polygon.Symbol) (feed, error) {
				return opened(c.DirectLaunchpadValues(ctx, k, func(*polygon.LaunchpadValue, stream.Meta) {}))
			},
		} {
			_, err := subscribe(t.Context(), []polygon.Symbol{polygon.All})
			require.ErrorContains(t, err, name+" has no wildcard")
			sub, err := subscribe(t.Context(), []polygon.Symbol{"O:SPY251219C00650000"})
			require.NoError(t, err)
			require.NoError(t, sub.Close(t.Context()))
		}
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{polygon.All})
		require.NoError(t, err)
		require.NoError(t, sub.Close(t.Context()))
		require.NoError(t, c.Close(t.Context()))
	})
}

// One ev has a shape of its own in each cluster.
func TestShapesByCluster(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c, err := polygon.DialFutures(t.Context(), v.Key(), v.options(polygon.WithExchange(polygon.ExchangeCME))...)
		require.NoError(t, err)
		require.Equal(t, "/futures/cme", v.Sessions()[0].Request().URL.Path)
		sub, err := c.SubscribeQuotes(t.Context(), []polygon.Symbol{"ESZ4"})
		require.NoError(t, err)
		v.Send(polygon.ClusterFutures, `{"ev":"Q","sym":"ESZ4","bp":114.125,"bs":100,"bt":1734103628360,"ap":114.128,"as":160,"at":1734103628350,"t":1536036818784}`)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		bid, ok := ev.Data.BidTime.Get()
		require.True(t, ok)
		require.EqualValues(t, int64(1734103628360), bid.UnixMilli())
		require.NoError(t, c.Close(t.Context()))
		_, err = polygon.DialStocks(t.Context(), v.Key(), v.options(polygon.WithExchange(polygon.ExchangeCME))...)
		require.ErrorContains(t, err, "is for futures")
		_, err = polygon.DialFutures(t.Context(), v.Key(), v.options(polygon.WithExchange("nyse"))...)
		require.ErrorContains(t, err, "nyse")
	})
}
