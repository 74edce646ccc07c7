package kraken_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/bookfeed"
	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

func Example_ticker() {
	run := func(ctx context.Context) error {
		client, err := kraken.DialPublic(ctx)
		if err != nil {
			return err
		}
		defer client.Close(ctx)
		sub, err := client.SubscribeTicker(ctx, []kraken.Symbol{"BTC/USD", "ETH/USD"}, kraken.TickerParams{})
		if err != nil {
			return err
		}
		for event, err := range sub.Events(ctx) {
			if err != nil {
				return err
			}
			t := event.Data.Data[0]
			fmt.Println(t.Symbol, t.Bid, t.Ask)
		}
		return nil
	}
	_ = run
}

func Example_tradesV1() {
	run := func(ctx context.Context) error {
		client, err := krakenv1.DialPublic(ctx)
		if err != nil {
			return err
		}
		defer client.Close(ctx)
		sub, err := client.SubscribeTrades(ctx, []krakenv1.Pair{"XBT/USD", "XRP/USD"})
		if err != nil {
			return err
		}
		sub.Handle(ctx, func(ctx context.Context, event stream.Event[krakenv1.Trades]) {
			for _, t := range event.Data.Value {
				fmt.Println(event.Data.Pair, t.Side, t.Volume, t.Price)
			}
		})
		<-ctx.Done() // the main goroutine does something else
		return sub.Close(context.WithoutCancel(ctx))
	}
	_ = run
}

func Example_partialSubscribe() {
	run := func(ctx context.Context, client *kraken.Public) error {
		sub, err := client.SubscribeTrades(ctx, []kraken.Symbol{"BTC/USD", "XBT/USD"}, kraken.TradesParams{})
		var partial *stream.SubscribeError
		if errors.As(err, &partial) && sub != nil {
			log.Print(err) // {"symbol":"XBT/USD"}: refused: PairNotSupported: …
			err = nil      // BTC/USD is live
		}
		return err
	}
	_ = run
}

func ExamplePublic_FollowBook() {
	run := func(ctx context.Context, client *kraken.Public) error {
		feed, err := client.FollowBook(ctx, []kraken.Symbol{"BTC/USD", "ETH/USD"}, kraken.DepthD25)
		if err != nil {
			return err
		}
		for change, err := range feed.Changes(ctx) {
			if err != nil {
				return err
			}
			if change.Gap != nil {
				log.Print("history of ", change.Key, " has a hole: ", change.Gap.Reason)
			}
			bid, _ := change.Book.Best(book.Bid)
			ask, _ := change.Book.Best(book.Ask)
			fmt.Println(change.Key, bid.Price, bid.Qty, ask.Price, ask.Qty)
		}
		return nil
	}
	_ = run
}

func ExampleLevel3_FollowBook() {
	run := func(ctx context.Context, src krakenauth.TokenSource) error {
		client, err := kraken.DialLevel3(ctx, src)
		if err != nil {
			return err
		}
		feed, err := client.FollowBook(ctx, []kraken.Symbol{"BTC/USD"}, kraken.Level3DepthD10)
		if err != nil {
			return err
		}
		feed.Handle(ctx, func(ctx context.Context, change bookfeed.Change[kraken.Symbol, *book.L3]) {
			for queue := range change.Book.Queues(book.Ask) {
				fmt.Println(queue.Price, len(queue.Orders), "orders, the first since", queue.Orders[0].Time)
			}
		})
		return nil
	}
	_ = run
}

func ExampleDialPrivate() {
	run := func(ctx context.Context) error {
		src, err := krakenauth.New(stream.NewSecret(os.Getenv("KRAKEN_KEY")), stream.NewSecret(os.Getenv("KRAKEN_SECRET")))
		if err != nil {
			return err
		}
		client, err := kraken.DialPrivate(ctx, src)
		if err != nil {
			return err
		}
		defer client.Close(ctx)
		executions, err := client.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
		if err != nil {
			return err
		}
		var orders kraken.Orders
		executions.Handle(ctx, func(ctx context.Context, event stream.Event[kraken.ExecutionUpdate]) {
			for _, o := range orders.Apply(&event.Data) {
				fmt.Println(o.OrderID, o.Symbol, o.OrderStatus, o.CumQty)
			}
		})
		return nil
	}
	_ = run
}

func ExamplePrivate_addOrder() {
	run := func(ctx context.Context, client *kraken.Private, price, quantity wire.Decimal) error {
		ack, err := client.AddOrder(ctx, kraken.AddOrderRequest{
			OrderType:  kraken.OrderTypeLimit,
			Side:       kraken.SideBuy,
			Symbol:     "BTC/USD",
			OrderQty:   wire.Some(quantity),
			LimitPrice: wire.Some(price),
			ClOrdID:    wire.Some("bot-7-000123"),
		})
		switch {
		case errors.Is(err, stream.ErrNotSent):
			return err // nothing happened: it may be sent again
		case errors.Is(err, stream.ErrOutcomeUnknown):
			return err // it may live: look for bot-7-000123 in the next snapshot of executions
		case errors.Is(err, kraken.ErrInsufficientFunds):
			return err // refused
		case err != nil:
			return err
		}
		fmt.Println("accepted as", ack.OrderID)
		return nil
	}
	_ = run
}

func ExamplePrivate_ArmDeadMansSwitch() {
	run := func(ctx context.Context, client *kraken.Private) error {
		sw, err := client.ArmDeadMansSwitch(ctx, time.Minute)
		if err != nil {
			return err
		}
		fmt.Println("all orders are cancelled at", sw.Trigger(), "unless it is armed again")
		return sw.Disarm(ctx)
	}
	_ = run
}

func ExamplePublic_WatchSystem() {
	run := func(ctx context.Context, client *kraken.Public) {
		for state := range client.WatchSystem(ctx) {
			if state.System != kraken.SystemStateOnline {
				log.Print("the venue is in ", state.System)
			}
		}
	}
	_ = run
}

func Example_fake() {
	ctx := context.Background()
	srv := krakentest.New()
	defer srv.Close()
	client, err := kraken.DialPublic(ctx, srv.Options()...)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(ctx)
	feed, err := client.FollowBook(ctx, []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
	if err != nil {
		log.Fatal(err)
	}
	srv.CorruptChecksums(1)
	for change, err := range feed.Changes(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if change.Gap != nil {
			fmt.Println("gap:", change.Gap.Reason)
			break
		}
	}
	// Output: gap: checksum
}
