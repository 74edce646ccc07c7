package ibkr_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
)

// quotesOf is the guide's first program.
func quotesOf(ctx context.Context, opts ...stream.Option) error {
	client, err := ibkr.Dial(ctx, opts...)
	if err != nil {
		return err
	}
	defer client.Close(context.Background())
	aapl, ibm := ibkr.ConID(265598), ibkr.ConID(8314)
	quotes, err := client.SubscribeMarketData(ctx,
		[]ibkr.Target{aapl.Target(), ibm.On("SMART")},
		[]ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldBid, ibkr.TickFieldAsk})
	if err != nil {
		return err
	}
	for ev, err := range quotes.Events(ctx) {
		if err != nil {
			return err
		}
		if last, ok := ev.Data.Last().Get(); ok {
			fmt.Println(ev.Data.Target, last.Price)
		}
	}
	return nil
}

func ExampleDial() {
	gateway := ibkrtest.New() // a fake one
	defer gateway.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	client, err := ibkr.Dial(ctx, gateway.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(client.Session().Authenticated, client.Status().State)
	fmt.Println(client.Close(ctx))
	// Output:
	// true ready
	// <nil>
}

func ExampleClient_SubscribeMarketData() {
	gateway := ibkrtest.New()
	defer gateway.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := quotesOf(ctx, gateway.Options()...)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
}

// pinned is the guide's way to a gateway whose key is known.
func pinned(ctx context.Context) (*ibkr.Client, error) {
	return ibkr.Dial(ctx,
		ibkr.WithGateway("https://localhost:5000"),
		stream.WithPin("sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="))
}

func ExampleGatewayPin() {
	pin, err := ibkr.GatewayPin(context.Background(), "https://localhost:5000")
	if err != nil {
		fmt.Println("no gateway here")
		return
	}
	fmt.Println(pin)
}

func ExampleWithSessionSource() {
	source := ibkr.SessionFunc(func(ctx context.Context) (ibkr.Session, error) {
		value, token, err := logInElsewhere(ctx)
		if err != nil {
			return ibkr.Session{}, err
		}
		return ibkr.Session{Value: value, Query: map[string][]string{"oauth_token": {token}}}, nil
	})
	_, err := ibkr.New(ibkr.WithSessionSource(source))
	fmt.Println(err)
	// Output: <nil>
}

func logInElsewhere(context.Context) (stream.Secret, string, error) {
	return stream.NewSecret("session value"), "access token", nil
}

// follow is the guide's program for orders and executions.
func follow(ctx context.Context, client *ibkr.Client) error {
	orders, err := client.FollowOrders(ctx)
	if err != nil {
		return err
	}
	defer orders.Close(context.Background())
	for _, order := range orders.All() {
		fmt.Println("there is", order.OrderDesc, order.Status)
	}
	trades, err := client.FollowExecutions(ctx, ibkr.ExecutionsParams{})
	if err != nil {
		return err
	}
	go func() {
		for trade, err := range trades.Events(ctx) {
			if err != nil {
				return
			}
			fmt.Println(trade.OrderDescription, trade.Commission, trade.Late)
		}
	}()
	for change, err := range orders.Events(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(change.ID(), change.Order.Status, change.Order.FilledQuantity)
		if change.Order.Status.Done() {
			return nil
		}
	}
	return nil
}

// watch is the guide's program for the state of the session.
func watch(ctx context.Context, client *ibkr.Client) {
	for state := range client.WatchSession(ctx) {
		switch {
		case state.Authenticated:
			fmt.Println("open since", state.Since)
		case state.Competing:
			fmt.Println("another login has the brokerage session")
		default:
			fmt.Println("closed:", client.Status().Err)
		}
	}
}

// lastOf shows the three states of a field.
func lastOf(tick *ibkr.Tick) {
	last := tick.Last()
	switch {
	case last.HasValue():
		price, _ := last.Get()
		fmt.Println(price.Price, price.Mark.Or("a trade"))
	case last.IsNull():
		fmt.Println("there is no last price")
	default:
		fmt.Println("unchanged")
	}
}

func ExampleTick() {
	for _, frame := range []string{`{"31":"271.70"}`, `{"31":""}`, `{"84":"271.68"}`} {
		var tick ibkr.Tick
		if err := tick.UnmarshalJSON([]byte(frame)); err != nil {
			fmt.Println(err)
		}
		lastOf(&tick)
	}
	// Output:
	// 271.70 a trade
	// there is no last price
	// unchanged
}

// history is the guide's call for bars.
func history(ctx context.Context, client *ibkr.Client) error {
	var params ibkr.BarsParams
	params.Period.Set(ibkr.BarPeriod{N: 1, Unit: ibkr.PeriodUnitDays})
	params.Bar.Set(ibkr.BarSizeMin5)
	bars, err := client.History(ctx, ibkr.ConID(265598).Target(), params)
	if err != nil {
		return err
	}
	for _, bar := range bars.Data.Or(nil) {
		fmt.Println(bar.Open, bar.High, bar.Low, bar.Close, bar.Volume)
	}
	return nil
}

// The guide's programs run against the fake gateway.
func TestGuide(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		require.ErrorIs(t, quotesOf(within(t, 2*time.Second), s.Options()...), context.DeadlineExceeded)
		require.NoError(t, history(within(t, time.Minute), c))
		time.AfterFunc(time.Minute, func() {
			s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 1, Market: true})
		})
		require.NoError(t, follow(within(t, time.Hour), c))
		time.AfterFunc(time.Minute, s.Compete)
		time.AfterFunc(2*time.Minute, s.EndCompetition)
		watch(within(t, time.Hour), c)
		require.True(t, c.Session().Authenticated)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := pinned(ended)
		require.ErrorIs(t, err, context.Canceled)
	})
}
