// Package book keeps order books as Kraken's book and level3 channels describe them, and computes the checksums by which
// the venue lets its clients verify them. It knows nothing of sockets or messages: the clients of packages kraken and
// krakenv1 feed it, and so can anything else that has the data.
//
// An [L2] has a quantity for each price, an [L3] the single orders in the order of their queue. Both want the same care:
// apply the changes of a message in their order, then [L2.Truncate], since the venue sends no deletes for what falls out
// of the subscribed depth, then compare [L2.Checksum] with that of the message.
//
// Decimals keep the digits that the venue wrote, which the checksums cover. A book is sorted slices whose best prices
// are last, so that changes near the top, which are most, move little; reading it does not allocate.
//
// Nothing here may be used by several goroutines at once.
package book

// Side is one side of a book.
type Side uint8

// The sides.
const (
	Bid Side = iota // buyers; the best price is the highest
	Ask             // sellers; the best price is the lowest
)

// String returns bid or ask.
func (s Side) String() string {
	if s == Ask {
		return "ask"
	}
	return "bid"
}
