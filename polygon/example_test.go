package polygon_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// The snippets of docs/polygon.md. They run against the fake.

func watch(ctx context.Context, key stream.Secret, opts ...stream.Option) error {
	client, err := polygon.DialStocks(ctx, key, opts...)
	if err != nil {
		return err
	}
	defer client.Close(context.Background())
	sub, err := client.SubscribeTrades(ctx, []polygon.Symbol{"AAPL", "BRK.B"})
	if err != nil {
		return err
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(ev.Data.Symbol, ev.Data.Price, ev.Data.Size)
	}
	return nil
}

func Example() {
	venue := polygontest.New()
	defer venue.Close()
	go func() {
		if venue.WaitSubscribed(context.Background(), "T", 2) == nil {
			venue.Send(polygon.ClusterStocks, trade("AAPL", "231.5"), trade("MSFT", "400"), trade("BRK.B", "480.25"))
			venue.RefuseLogins(-1) // nothing else would end the stream
			venue.Fault(streamtest.CloseWith(1012, "restart"))
		}
	}()
	err := watch(context.Background(), venue.Key(), venue.Options()...)
	fmt.Println(errors.Is(err, polygon.ErrAuthFailed))
	// Output:
	// AAPL 231.5 100
	// BRK.B 480.25 100
	// true
}

func ExampleDialStocks_key() {
	key := stream.NewSecret(os.Getenv("POLYGON_API_KEY"))
	fmt.Println(key)
	// Output: REDACTED
}

func ExampleDialForex() {
	venue := polygontest.New()
	defer venue.Close()
	ctx, key, opts := context.Background(), venue.Key(), venue.Options()
	client, err := polygon.DialForex(ctx, key, append(opts, stream.WithHost(polygon.HostDelayed))...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client.Cluster(), client.Status().State)
	_ = client.Close(ctx)
	// Output: forex ready
}

func ExampleDialOptions() {
	venue := polygontest.New(polygontest.WithPlan(polygon.ClusterStocks))
	defer venue.Close()
	ctx, key, opts := context.Background(), venue.Key(), venue.Options()
	client, err := polygon.DialOptions(ctx, key, opts...)
	if errors.Is(err, polygon.ErrAuthFailed) {
		fmt.Println("wrong key, or a plan without this cluster:", err)
	}
	fmt.Println(client == nil, errors.Is(err, stream.ErrAuth))
	// Output:
	// wrong key, or a plan without this cluster: polygon: authentication rejected: refused: AuthFailed (auth_failed): Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade.
	// true true
}

func ExampleDialStocks_inUse() {
	venue := polygontest.New()
	defer venue.Close()
	ctx, key, opts := context.Background(), venue.Key(), venue.Options()
	client, err := polygon.DialStocks(ctx, key, opts...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close(ctx)
	_, err = polygon.DialStocks(ctx, key, opts...)
	fmt.Println(errors.Is(err, polygon.ErrKeyInUse))
	// Output: true
}

func ExampleCluster_Symbols() {
	client := polygon.ClusterOptions
	symbols, err := client.Symbols("SPY251219C00650000", "O:AMC210827C00037000")
	fmt.Println(symbols, err)
	// Output: [O:SPY251219C00650000 O:AMC210827C00037000] <nil>
}

func ExampleStocks_refusal() {
	venue := polygontest.New(polygontest.WithoutChannels("NOI"))
	defer venue.Close()
	// The venue has 10 s to confirm; this example has not.
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	client, err := polygon.DialStocks(ctx, venue.Key(), venue.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close(context.Background())
	sub, err := client.SubscribeImbalances(ctx, []polygon.Symbol{polygon.All})
	var failed *stream.SubscribeError
	if errors.As(err, &failed) {
		for item, why := range failed.Items {
			fmt.Println(item, errors.Is(why, polygon.ErrNotAuthorized))
		}
	}
	fmt.Println(sub == nil)
	// Output:
	// {"symbol":"*"} false
	// true
}

func ExampleStocks_add() {
	venue := polygontest.New()
	defer venue.Close()
	ctx := context.Background()
	client, err := polygon.DialStocks(ctx, venue.Key(), venue.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close(ctx)
	sub, err := client.SubscribeTrades(ctx, []polygon.Symbol{"AAPL"})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = sub.Add(ctx, "MSFT")
	fmt.Println(sub.Keys(), err)
	err = sub.Remove(ctx, "AAPL")
	fmt.Println(sub.Keys(), err)
	// Output:
	// [AAPL MSFT] <nil>
	// [MSFT] <nil>
}

func ExampleStocks_handle() {
	venue := polygontest.New()
	defer venue.Close()
	ctx := context.Background()
	client, err := polygon.DialStocks(ctx, venue.Key(), venue.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	sub, err := client.SubscribeMinuteAggregates(ctx, []polygon.Symbol{"GTE"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sub.Handle(ctx, func(ctx context.Context, ev stream.Event[polygon.StockAggregate]) {
		if ev.Gap != nil {
			fmt.Println("bars may be missing:", ev.Gap.Reason)
		}
		fmt.Println(ev.Data.Symbol, ev.Data.Close)
	})
	arrived, err := client.SubscribeMinuteAggregates(ctx, []polygon.Symbol{"GTE"})
	if err != nil {
		fmt.Println(err)
		return
	}
	venue.Send(polygon.ClusterStocks, `{"ev":"AM","sym":"GTE","v":4110,"av":9470157,"op":0.4372,"vw":0.4488,"o":0.4488,"c":0.4486,"h":0.4489,"l":0.4486,"a":0.4352,"z":685,"s":1610144640000,"e":1610144700000}`)
	_, _ = arrived.Next(ctx) // handles get an event in the order of their making
	_ = client.Close(ctx)    // waits for the handler, which takes what is queued
	// Output: GTE 0.4486
}

func ExampleStocks_DirectTrades() {
	venue := polygontest.New()
	defer venue.Close()
	ctx := context.Background()
	client, err := polygon.DialStocks(ctx, venue.Key(), venue.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	var last float64
	sub, err := client.DirectTrades(ctx, []polygon.Symbol{polygon.All}, func(t *polygon.StockTrade, m stream.Meta) {
		last = t.Price
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	arrived, err := client.SubscribeTrades(ctx, []polygon.Symbol{polygon.All})
	if err != nil {
		fmt.Println(err)
		return
	}
	venue.Send(polygon.ClusterStocks, trade("AAPL", "231.5"))
	_, _ = arrived.Next(ctx) // handles get an event in the order of their making
	fmt.Println(sub.Stats().Events)
	_ = client.Close(ctx) // the reading goroutine has ended then
	fmt.Println(last)
	// Output:
	// 1
	// 231.5
}

func rawTrade(ctx context.Context, venue *polygontest.Server) error {
	key, opts := venue.Key(), venue.Options()
	raw, err := polygon.DialRaw(ctx, polygon.ClusterStocks, key, opts...)
	if err != nil {
		return err
	}
	messages, err := raw.Messages()
	if err != nil {
		return err
	}
	if err := raw.Subscribe(ctx, "T.AAPL,Q.AAPL", "AM.*"); err != nil {
		return err
	}
	ev, err := messages.Next(ctx)
	fmt.Println(ev.Data.Ev(), err)
	return raw.Close(ctx)
}

func ExampleDialRaw() {
	venue := polygontest.New()
	defer venue.Close()
	fmt.Println(rawTrade(context.Background(), venue))
	// Output:
	// status <nil>
	// <nil>
}

func ExampleWithHandlers() {
	venue := polygontest.New()
	defer venue.Close()
	ctx, key, opts := context.Background(), venue.Key(), venue.Options()
	client, err := polygon.DialRaw(ctx, polygon.ClusterCrypto, key, append(opts, polygon.WithHandlers(polygon.Handlers{
		Message: func(ctx context.Context, m polygon.Message) { fmt.Println(m.Ev(), m) },
		Error:   func(err error) { fmt.Println("lost or refused:", err) },
		Close:   func(err error) { fmt.Println("ended:", err) },
	}))...)
	fmt.Println(client.Cluster(), err)
	_ = client.Close(ctx)
	// Unordered output:
	// status {"ev":"status","status":"connected","message":"Connected Successfully"}
	// status {"ev":"status","status":"auth_success","message":"authenticated"}
	// crypto <nil>
	// ended: <nil>
}

func ExampleStocks_Watch() {
	venue := polygontest.New()
	defer venue.Close()
	ctx := context.Background()
	client, err := polygon.DialStocks(ctx, venue.Key(), venue.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = client.Close(ctx)
	for st := range client.Watch(ctx) {
		fmt.Println(st.State, st.Err)
	}
	// Output: closed <nil>
}

func Example_fake() {
	ctx := context.Background()
	venue := polygontest.New(polygontest.WithMarket(time.Second))
	defer venue.Close()
	client, err := polygon.DialStocks(ctx, venue.Key(), venue.Options()...)
	fmt.Println(err)
	_ = client.Close(ctx)
	// Output: <nil>
}
