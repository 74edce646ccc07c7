package krakentest

import (
	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/wire"
)

// describe is what an order says in words.
func (o *order) describe() string {
	text := string(o.side) + " " + o.k.amount(o.qty).String() + " " + o.k.Pair + " @ " + string(o.typ)
	if o.limit > 0 {
		text += " " + o.k.price(o.limit).String()
	}
	return text
}

// statuses are the states of orders in API v1.
var statuses = map[kraken.ExecType]krakenv1.OrderStatus{
	kraken.ExecTypePendingNew: krakenv1.OrderStatusPending,
	kraken.ExecTypeNew:        krakenv1.OrderStatusOpen,
	kraken.ExecTypeFilled:     krakenv1.OrderStatusClosed,
	kraken.ExecTypeCanceled:   krakenv1.OrderStatusCanceled,
}

// wholeOrder tells all of an order, as it is told when it is new.
func wholeOrder(e *orderEvent) krakenv1.OpenOrder {
	d := krakenv1.OrderDescription{
		Pair: krakenv1.Pair(e.k.Pair), Type: krakenv1.Side(e.side), OrderType: krakenv1.OrderType(e.typ), Price: e.k.price(e.limit),
		Price2: e.k.price(0), Order: e.describe(),
	}
	d.Mark(krakenv1.OrderDescriptionFieldPair, krakenv1.OrderDescriptionFieldType, krakenv1.OrderDescriptionFieldOrderType,
		krakenv1.OrderDescriptionFieldPrice, krakenv1.OrderDescriptionFieldPrice2, krakenv1.OrderDescriptionFieldOrder)
	x := krakenv1.OpenOrder{
		Status: krakenv1.OrderStatusPending, Description: d, OpenTime: wire.Some(e.at), Volume: e.k.amount(e.qty), TimeInForce: krakenv1.TimeInForceGTC,
	}
	x.Mark(krakenv1.OpenOrderFieldStatus, krakenv1.OpenOrderFieldDescription, krakenv1.OpenOrderFieldOpenTime, krakenv1.OpenOrderFieldVolume,
		krakenv1.OpenOrderFieldTimeInForce)
	name(&x, e)
	executed(&x, e)
	return x
}

// name tells the caller's id or reference.
func name(x *krakenv1.OpenOrder, e *orderEvent) {
	if e.clOrdID != "" {
		x.ClOrdID = wire.Some(e.clOrdID)
		x.Mark(krakenv1.OpenOrderFieldClOrdID)
		return
	}
	x.UserRef = wire.Some(e.ref)
	x.Mark(krakenv1.OpenOrderFieldUserRef)
}

// executed tells how much is executed.
func executed(x *krakenv1.OpenOrder, e *orderEvent) {
	x.VolumeExecuted, x.Cost, x.Fee, x.AvgPrice = e.k.amount(e.filled), cash(e.cost), cash(e.fee), e.average()
	x.Mark(krakenv1.OpenOrderFieldVolumeExecuted, krakenv1.OpenOrderFieldCost, krakenv1.OpenOrderFieldFee, krakenv1.OpenOrderFieldAvgPrice)
}

// changedOrder tells what is new of an order, and no more.
func changedOrder(e *orderEvent) krakenv1.OpenOrder {
	if e.kind == kraken.ExecTypePendingNew {
		return wholeOrder(e)
	}
	var x krakenv1.OpenOrder
	name(&x, e)
	if status, ok := statuses[e.kind]; ok {
		x.Status = status
		x.Mark(krakenv1.OpenOrderFieldStatus)
	}
	switch e.kind {
	case kraken.ExecTypeAmended:
		x.Volume, x.LimitPrice, x.Amended, x.LastUpdated = e.k.amount(e.qty), e.k.price(e.limit), true, e.when
		x.Mark(krakenv1.OpenOrderFieldVolume, krakenv1.OpenOrderFieldLimitPrice, krakenv1.OpenOrderFieldAmended, krakenv1.OpenOrderFieldLastUpdated)
	case kraken.ExecTypeTrade:
		executed(&x, e)
	case kraken.ExecTypeFilled, kraken.ExecTypeCanceled:
		executed(&x, e)
		x.LastUpdated = e.when
		x.Mark(krakenv1.OpenOrderFieldLastUpdated)
		if x.CancelReason = e.reason; e.reason != "" {
			x.Mark(krakenv1.OpenOrderFieldCancelReason)
		}
	}
	return x
}

func ownTrade(e *orderEvent) krakenv1.OwnTrade {
	f := e.fill
	x := krakenv1.OwnTrade{
		OrderTxID: e.id, PositionTxID: "TKH2SE-M7IF5-CFI7LT", Pair: krakenv1.Pair(e.k.Pair), Time: e.when, Type: krakenv1.Side(e.side),
		OrderType: krakenv1.OrderType(e.typ), Price: e.k.price(f.price), Cost: cash(f.cost), Fee: cash(f.fee), Volume: e.k.amount(f.qty),
		Margin: cash(0),
	}
	x.Mark(krakenv1.OwnTradeFieldOrderTxID, krakenv1.OwnTradeFieldPositionTxID, krakenv1.OwnTradeFieldPair, krakenv1.OwnTradeFieldTime,
		krakenv1.OwnTradeFieldType, krakenv1.OwnTradeFieldOrderType, krakenv1.OwnTradeFieldPrice, krakenv1.OwnTradeFieldCost,
		krakenv1.OwnTradeFieldFee, krakenv1.OwnTradeFieldVolume, krakenv1.OwnTradeFieldMargin)
	return x
}
