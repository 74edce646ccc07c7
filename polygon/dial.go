package polygon

import (
	"context"

	"github.com/venuewire/venuewire/stream"
)

// Stocks is a client of the stocks cluster. Its methods may be called from any goroutine.
type Stocks struct {
	stocksMethods
	*client
}

// DialStocks connects to the stocks cluster, logs in and returns when subscriptions can be made. ctx covers the dial only;
// a lost session is replaced until Close. Errors: stream.ErrAuth and [ErrAuthFailed] for a key that the venue refuses,
// with its text; [ErrKeyInUse]; [ErrAuthTimeout], [ErrMaxConnections] and those of the network.
func DialStocks(ctx context.Context, key stream.Secret, opts ...stream.Option) (*Stocks, error) {
	c := new(Stocks)
	core, err := dial(ctx, ClusterStocks, key, c.inbound(), c.stocksMethods.init, opts)
	if err != nil {
		return nil, err
	}
	c.client = core
	return c, nil
}

// Options is a client of the options cluster. Its methods may be called from any goroutine.
type Options struct {
	optionsMethods
	*client
}

// DialOptions connects to the options cluster; see [DialStocks].
func DialOptions(ctx context.Context, key stream.Secret, opts ...stream.Option) (*Options, error) {
	c := new(Options)
	core, err := dial(ctx, ClusterOptions, key, c.inbound(), c.optionsMethods.init, opts)
	if err != nil {
		return nil, err
	}
	c.client = core
	return c, nil
}

// Forex is a client of the forex cluster. Its methods may be called from any goroutine.
type Forex struct {
	forexMethods
	*client
}

// DialForex connects to the forex cluster; see [DialStocks].
func DialForex(ctx context.Context, key stream.Secret, opts ...stream.Option) (*Forex, error) {
	c := new(Forex)
	core, err := dial(ctx, ClusterForex, key, c.inbound(), c.forexMethods.init, opts)
	if err != nil {
		return nil, err
	}
	c.client = core
	return c, nil
}

// Crypto is a client of the crypto cluster. Its methods may be called from any goroutine.
type Crypto struct {
	cryptoMethods
	*client
}

// DialCrypto connects to the crypto cluster; see [DialStocks].
func DialCrypto(ctx context.Context, key stream.Secret, opts ...stream.Option) (*Crypto, error) {
	c := new(Crypto)
	core, err := dial(ctx, ClusterCrypto, key, c.inbound(), c.cryptoMethods.init, opts)
	if err != nil {
		return nil, err
	}
	c.client = core
	return c, nil
}

// Indices is a client of the indices cluster. Its methods may be called from any goroutine.
type Indices struct {
	indicesMethods
	*client
}

// DialIndices connects to the indices cluster; see [DialStocks].
func DialIndices(ctx context.Context, key stream.Secret, opts ...stream.Option) (*Indices, error) {
	c := new(Indices)
	core, err := dial(ctx, ClusterIndices, key, c.inbound(), c.indicesMethods.init, opts)
	if err != nil {
		return nil, err
	}
	c.client = core
	return c, nil
}

// Futures is a client of the futures cluster. Its methods may be called from any goroutine.
type Futures struct {
	futuresMethods
	*client
}

// DialFutures connects to the futures cluster, to all of its exchanges or with [WithExchange] to one; see [DialStocks].
func DialFutures(ctx context.Context, key stream.Secret, opts ...stream.Option) (*Futures, error) {
	c := new(Futures)
	core, err := dial(ctx, ClusterFutures, key, c.inbound(), c.futuresMethods.init, opts)
	if err != nil {
		return nil, err
	}
	c.client = core
	return c, nil
}
