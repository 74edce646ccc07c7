// Demo-option buys a blitz option with practice money and follows it to its close.
//
// It talks to a fake venue unless -live is given. Real money is at stake with -live -real only:
//
//	go run ./examples/iqoption/demo-option -seconds 5 -stake 10
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/iqvenue"
	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/wire"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("demo-option", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	realMoney := flags.Bool("real", false, "use real money")
	active := flags.Int64("active", 76, "id of the asset")
	seconds := flags.Int64("seconds", 5, "time to the expiry")
	amount := flags.String("stake", "1", "stake in the currency of the balance")
	put := flags.Bool("put", false, "bet on a falling price")
	duration := flags.Duration("duration", 10*time.Minute, "time to stop waiting after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()
	stake, err := wire.ParseDecimal(*amount)
	if err != nil {
		return err
	}

	src, opts, done, err := iqvenue.Pick(*live)
	if err != nil {
		return err
	}
	defer done()
	client, err := iqoption.Dial(ctx, src, opts...)
	if err != nil {
		return err
	}
	defer client.CloseNow()

	balance, err := pickBalance(ctx, client, *realMoney)
	if err != nil {
		return err
	}
	order := iqoption.OpenOptionRequest{
		UserBalanceID: balance.ID, ActiveID: iqoption.ActiveID(*active), OptionTypeID: iqoption.OptionTypeBlitz,
		Direction: iqoption.DirectionCall, Stake: stake, ExpirationSize: wire.Some(*seconds),
	}
	if *put {
		order.Direction = iqoption.DirectionPut
	}
	if order.PayoutPercent, err = payout(ctx, client, order.ActiveID); err != nil {
		return err
	}
	fmt.Fprintf(out, "balance %s %s, a win pays %d%%\n", balance.Amount, balance.Currency, order.PayoutPercent)

	follow, err := client.OpenAndFollow(ctx, order)
	if detail, moved := iqoption.ProfitRateChangedDetail(err); moved {
		// The order was refused because the payout moved. Whether the new one will do is for you to decide.
		order.PayoutPercent = detail.PayoutPercent()
		follow, err = client.OpenAndFollow(ctx, order)
	}
	if err != nil {
		return err // after stream.ErrOutcomeUnknown, Client.Reconcile tells whether the option was bought
	}
	fmt.Fprintf(out, "bought option %d, expires %s\n", follow.Option().ID, follow.Option().Expiration.Format(time.TimeOnly))
	for position, err := range follow.Updates(ctx) {
		if err != nil {
			return err
		}
		if position.Status == iqoption.PositionStatusClosed {
			fmt.Fprintf(out, "closed: %s, %s -> %s, profit %s\n",
				position.CloseReason, position.OpenPrice, position.ClosePrice, position.PnL)
		} else {
			fmt.Fprintf(out, "%s at %s\n", position.Status, position.OpenPrice)
		}
	}
	return client.Close(ctx)
}

// pickBalance finds the demo balance, or the one with real money.
func pickBalance(ctx context.Context, client *iqoption.Client, realMoney bool) (iqoption.Balance, error) {
	want := iqoption.BalanceTypeDemo
	if realMoney {
		want = iqoption.BalanceTypeReal
	}
	balances, err := client.GetBalances(ctx, iqoption.GetBalancesRequest{Types: []iqoption.BalanceType{want}})
	if err != nil {
		return iqoption.Balance{}, err
	}
	for _, b := range balances {
		if b.Type == want {
			return b, nil
		}
	}
	return iqoption.Balance{}, errors.New("the account has no such balance")
}

// payout is what a win of a blitz option pays now, in percent. Orders have to name it.
func payout(ctx context.Context, client *iqoption.Client, id iqoption.ActiveID) (int64, error) {
	terms, err := client.GetInitializationData(ctx)
	if err != nil {
		return 0, err
	}
	active, ok := terms.Active(iqoption.OptionTypeBlitz, id)
	if !ok || !active.Enabled || active.IsSuspended {
		return 0, fmt.Errorf("no blitz options on asset %d now", id)
	}
	percent, ok := active.PayoutPercent()
	if !ok {
		return 0, fmt.Errorf("asset %d has an odd commission: %s", id, active.Option.Profit.Commission)
	}
	return percent, nil
}
