package krakentest

import (
	"maps"
	"slices"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/wire"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// openOrders lists the open orders by their ids. The venue is locked.
func (v *Venue) openOrders() (out []*order) {
	for _, id := range sortedKeys(v.account.orders) {
		out = append(out, v.account.orders[id])
	}
	return out
}

// average is the mean price of what is executed.
func (o *order) average() wire.Decimal {
	if o.filled == 0 {
		return o.k.price(0)
	}
	return o.k.price(o.value / o.filled)
}

// execution is a row as sparse as the venue's: what a kind of event tells depends on it. A whole row tells all.
func execution(e *orderEvent, whole bool) kraken.Execution {
	x := kraken.Execution{OrderID: e.id, ExecType: e.kind, OrderStatus: e.status, Timestamp: e.when}
	x.Mark(kraken.ExecutionFieldOrderID, kraken.ExecutionFieldExecType, kraken.ExecutionFieldOrderStatus, kraken.ExecutionFieldTimestamp)
	identify(&x, e)
	switch {
	case whole || e.kind == kraken.ExecTypePendingNew:
		describe(&x, e)
		progress(&x, e)
	case e.kind == kraken.ExecTypeTrade:
		traded(&x, e)
		progress(&x, e)
	case e.kind == kraken.ExecTypeAmended:
		x.OrderQty, x.LimitPrice, x.Reason, x.Amended = e.k.amount(e.qty), e.k.price(e.limit), e.reason, true
		x.Mark(kraken.ExecutionFieldOrderQty, kraken.ExecutionFieldLimitPrice, kraken.ExecutionFieldReason, kraken.ExecutionFieldAmended)
	case e.kind == kraken.ExecTypeCanceled, e.kind == kraken.ExecTypeFilled:
		progress(&x, e)
		if x.Reason = e.reason; e.reason != "" {
			//lint:ignore SA1019 the venue still sends it
			x.CancelReason = e.reason
			x.Mark(kraken.ExecutionFieldReason, kraken.ExecutionFieldCancelReason)
		}
	}
	return x
}

// identify tells the caller's id, or the reference, which is 0 where neither was given.
func identify(x *kraken.Execution, e *orderEvent) {
	if x.ClOrdID = e.clOrdID; e.clOrdID != "" {
		x.Mark(kraken.ExecutionFieldClOrdID)
		return
	}
	x.OrderUserRef = e.ref
	x.Mark(kraken.ExecutionFieldOrderUserRef)
}

// describe tells what the order is; later events do not repeat it.
func describe(x *kraken.Execution, e *orderEvent) {
	x.Symbol, x.Side, x.OrderType, x.OrderQty = kraken.Symbol(e.k.Symbol), e.side, e.typ, e.k.amount(e.qty)
	x.TimeInForce = kraken.ExecutionTIFGTC
	x.FeeCcyPref = kraken.FeeFlagQuote
	x.Mark(kraken.ExecutionFieldSymbol, kraken.ExecutionFieldSide, kraken.ExecutionFieldOrderType, kraken.ExecutionFieldOrderQty,
		kraken.ExecutionFieldTimeInForce, kraken.ExecutionFieldFeeCcyPref)
	if e.limit > 0 {
		x.LimitPrice, x.LimitPriceType = e.k.price(e.limit), kraken.PriceTypeStatic
		x.Mark(kraken.ExecutionFieldLimitPrice, kraken.ExecutionFieldLimitPriceType)
	}
	if e.postOnly {
		x.PostOnly = true
		x.Mark(kraken.ExecutionFieldPostOnly)
	}
}

// progress tells how much is executed.
func progress(x *kraken.Execution, e *orderEvent) {
	x.CumQty, x.CumCost, x.AvgPrice, x.FeeUSDEquiv = e.k.amount(e.filled), cash(e.cost), e.average(), cash(e.fee)
	x.Mark(kraken.ExecutionFieldCumQty, kraken.ExecutionFieldCumCost, kraken.ExecutionFieldAvgPrice, kraken.ExecutionFieldFeeUSDEquiv)
}

// traded tells one trade.
func traded(x *kraken.Execution, e *orderEvent) {
	f := e.fill
	x.Symbol, x.Side, x.OrderType = kraken.Symbol(e.k.Symbol), e.side, e.typ
	x.ExecID, x.TradeID, x.LastQty, x.LastPrice, x.Cost = f.id, f.trade, e.k.amount(f.qty), e.k.price(f.price), cash(f.cost)
	x.Fees = []kraken.Fee{{Asset: kraken.AssetID(e.k.quote()), Qty: cash(f.fee)}}
	if x.LiquidityInd = kraken.LiquidityTaker; f.maker {
		x.LiquidityInd = kraken.LiquidityMaker
	}
	x.Mark(kraken.ExecutionFieldSymbol, kraken.ExecutionFieldSide, kraken.ExecutionFieldOrderType, kraken.ExecutionFieldExecID,
		kraken.ExecutionFieldTradeID, kraken.ExecutionFieldLastQty, kraken.ExecutionFieldLastPrice, kraken.ExecutionFieldCost,
		kraken.ExecutionFieldFees, kraken.ExecutionFieldLiquidityInd)
}
