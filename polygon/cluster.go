package polygon

import (
	"fmt"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Cluster names a cluster of the venue; each has a connection of its own.
type Cluster string

// The clusters.
const (
	ClusterStocks  Cluster = "stocks"
	ClusterOptions Cluster = "options"
	ClusterForex   Cluster = "forex"
	ClusterCrypto  Cluster = "crypto"
	ClusterIndices Cluster = "indices"
	ClusterFutures Cluster = "futures"
)

// Clusters lists all clusters.
func Clusters() []Cluster {
	return []Cluster{ClusterStocks, ClusterOptions, ClusterForex, ClusterCrypto, ClusterIndices, ClusterFutures}
}

// Hosts by their names in the specs, for stream.WithHost; the first is the default. Nine more, of business plans, are in
// specs/polygon/venue.yaml. A probe of 2026 found no certificates for those nine and for launchpad, so they may be gone.
const (
	HostRealTime        = "real-time"
	HostDelayed         = "delayed" // 15 minutes late; futures 10
	HostNasdaq          = "nasdaq"
	HostPolyFeed        = "polyfeed"
	HostPolyFeedPlus    = "polyfeed-plus"
	HostStarter         = "starter"
	HostBusiness        = "business" // fair market values
	HostDelayedBusiness = "delayed-business"
	HostLaunchpad       = "launchpad" // AM and LV only
)

// Exchange is one of the venues of the futures cluster, for [WithExchange].
type Exchange string

// The futures exchanges.
const (
	ExchangeCME   Exchange = "cme"
	ExchangeCBOT  Exchange = "cbot"
	ExchangeNYMEX Exchange = "nymex"
	ExchangeCOMEX Exchange = "comex"
)

// market is what the engine has to know of a cluster.
type market struct {
	endpoint *protocol.Endpoint
	feeds    []*protocol.Feed
	spell    func(name string) (string, error)
}

func (c Cluster) market() (market, error) {
	switch c {
	case ClusterStocks:
		return market{&endpointStocks, stocksFeeds, spellPlain}, nil
	case ClusterOptions:
		return market{&endpointOptions, optionsFeeds, spellOption}, nil
	case ClusterForex:
		return market{&endpointForex, forexFeeds, spellForex}, nil
	case ClusterCrypto:
		return market{&endpointCrypto, cryptoFeeds, spellCrypto}, nil
	case ClusterIndices:
		return market{&endpointIndices, indicesFeeds, spellIndex}, nil
	case ClusterFutures:
		return market{&endpointFutures, futuresFeeds, spellPlain}, nil
	}
	return market{}, fmt.Errorf("polygon: %q is no cluster", string(c))
}
