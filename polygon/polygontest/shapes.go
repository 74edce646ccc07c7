package polygontest

import "github.com/venuewire/venuewire/polygon"

// shape is how an event of a feed looks: a sample of the venue and what its members mean.
type shape struct {
	symbol string // member with the symbol
	loose  bool   // the symbol is spelled otherwise than in the subscription
	window int64  // ms; 0 is no bar
	sample string
	roles  map[string]role
	parts  []member // of the sample, in its order
}

// role says what a made-up event puts in place of a member of the sample.
type role uint8

const (
	keep role = iota
	rolePrice
	roleBid
	roleAsk
	roleOpen
	roleHigh
	roleLow
	roleClose
	roleNow   // milliseconds
	roleNanos // nanoseconds
	roleStart
	roleEnd
	roleSequence
)

const (
	second = int64(1_000)
	minute = int64(60_000)
)

// tick are the roles of trades, bar those of bars; the letters of other shapes differ.
var (
	tick = map[string]role{"p": rolePrice, "t": roleNow, "r": roleNow, "q": roleSequence}
	bar  = map[string]role{
		"o": roleOpen, "h": roleHigh, "l": roleLow, "c": roleClose, "vw": roleClose, "a": roleClose, "op": roleOpen,
		"s": roleStart, "e": roleEnd,
	}
	quote = map[string]role{"bp": roleBid, "ap": roleAsk, "t": roleNow, "r": roleNow, "bt": roleNow, "at": roleNow, "q": roleSequence}
	value = map[string]role{"val": rolePrice, "fmv": rolePrice, "t": roleNow}
	nanos = map[string]role{"val": rolePrice, "fmv": rolePrice, "t": roleNanos}
)

// The samples are those of the venue's official file, except for futures, which it lacks: those follow its pages.
const (
	stockBar     = `"v":4110,"av":9470157,"op":0.4372,"vw":0.4488,"o":0.4488,"c":0.4486,"h":0.4489,"l":0.4486,"a":0.4352,"z":685,"s":1610144640000,"e":1610144700000,"dv":"4110.0","dav":"9470157.038360"}`
	optionBar    = `"v":2,"av":8,"op":2.2,"vw":2.05,"o":2.05,"c":2.05,"h":2.05,"l":2.05,"a":2.1312,"z":2,"s":1632419640000,"e":1632419700000}`
	launchpadBar = `"v":951.6112,"av":738.6112,"op":26503.8,"vw":26503.8,"o":27503.8,"c":27203.8,"h":27893.8,"l":26503.8,"a":26503.8,"z":10,"s":1610463240000,"e":1610463300000}`
	forexBar     = `"pair":"USD/EUR","o":0.8687,"c":0.86889,"h":0.86889,"l":0.8686,"v":20,"s":1539145740000}`
	cryptoBar    = `"pair":"BCD-USD","v":951.6112,"vw":0.7756,"z":73,"o":0.772,"c":0.784,"h":0.784,"l":0.771,"s":1610463240000,"e":1610463300000}`
	indexBar     = `"sym":"I:SPX","op":3985.67,"o":3985.67,"c":3985.67,"h":3985.67,"l":3985.67,"s":1678220675805,"e":1678220675805}`
	futureBar    = `"sym":"ESZ4","v":200,"dv":1150000,"o":5750.25,"c":5750.5,"h":5750.5,"l":5750.25,"n":12,"s":1610144868000,"e":1610144869000}`
)

// shapes are those of every feed of every cluster, with their samples taken apart.
func shapes() map[polygon.Cluster]map[string]*shape {
	all := samples()
	for _, feeds := range all {
		for _, s := range feeds {
			s.split()
		}
	}
	return all
}

func samples() map[polygon.Cluster]map[string]*shape {
	return map[polygon.Cluster]map[string]*shape{
		polygon.ClusterStocks: {
			"T":    {symbol: "sym", roles: tick, sample: `{"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}`},
			"Q":    {symbol: "sym", roles: quote, sample: `{"ev":"Q","sym":"MSFT","bx":4,"bp":114.125,"bs":100,"ax":7,"ap":114.128,"as":160,"c":0,"i":[604],"t":1536036818784,"q":50385480,"z":3}`},
			"A":    {symbol: "sym", roles: bar, window: second, sample: `{"ev":"A","sym":"GTE",` + stockBar},
			"AM":   {symbol: "sym", roles: bar, window: minute, sample: `{"ev":"AM","sym":"GTE",` + stockBar},
			"LULD": {symbol: "T", roles: map[string]role{"h": roleAsk, "l": roleBid, "t": roleNanos, "q": roleSequence}, sample: `{"ev":"LULD","h":492.99,"l":446.04,"i":[16],"z":3,"T":"MSFT","t":1764086430905642800,"q":5925769}`},
			"NOI":  {symbol: "T", roles: map[string]role{"b": rolePrice, "t": roleNanos}, sample: `{"ev":"NOI","T":"NTEST.Q","t":1601318039223013600,"at":930,"a":"M","i":44,"x":10,"o":480,"p":440,"b":25.03}`},
			"FMV":  {symbol: "sym", roles: value, sample: `{"ev":"FMV","fmv":189.22,"sym":"AAPL","t":1678220098130}`},
			"LV":   {symbol: "sym", roles: value, sample: `{"ev":"LV","val":189.22,"sym":"AAPL","t":1678220098130}`},
		},
		polygon.ClusterOptions: {
			"T":   {symbol: "sym", roles: tick, sample: `{"ev":"T","sym":"O:AMC210827C00037000","x":65,"p":1.54,"s":1,"c":[233],"t":1629820676333,"q":651921857}`},
			"Q":   {symbol: "sym", roles: quote, sample: `{"ev":"Q","sym":"O:SPY241220P00720000","bx":302,"ax":302,"bp":9.71,"ap":9.81,"bs":17,"as":24,"t":1644506128351,"q":844090872}`},
			"A":   {symbol: "sym", roles: bar, window: second, sample: `{"ev":"A","sym":"O:ONEM220121C00025000",` + optionBar},
			"AM":  {symbol: "sym", roles: bar, window: minute, sample: `{"ev":"AM","sym":"O:ONEM220121C00025000",` + optionBar},
			"FMV": {symbol: "sym", roles: nanos, sample: `{"ev":"FMV","fmv":7.2,"sym":"O:TSLA210903C00700000","t":1401715883806000000}`},
			"LV":  {symbol: "sym", roles: nanos, sample: `{"ev":"LV","val":7.2,"sym":"O:TSLA210903C00700000","t":1401715883806000000}`},
		},
		polygon.ClusterForex: {
			"C":   {symbol: "p", roles: map[string]role{"b": roleBid, "a": roleAsk, "t": roleNow}, sample: `{"ev":"C","p":"USD/CNH","x":"44","a":6.83366,"b":6.83363,"t":1536036818784}`},
			"CA":  {symbol: "pair", roles: bar, window: minute, sample: `{"ev":"CA",` + forexBar},
			"CAS": {symbol: "pair", roles: bar, window: second, sample: `{"ev":"CAS",` + forexBar},
			"AM":  {symbol: "sym", loose: true, roles: bar, window: minute, sample: `{"ev":"AM","sym":"C:USD-EUR",` + launchpadBar},
			"FMV": {symbol: "sym", loose: true, roles: value, sample: `{"ev":"FMV","fmv":1.0631,"sym":"C:EURUSD","t":1678220098130}`},
			"LV":  {symbol: "sym", loose: true, roles: value, sample: `{"ev":"LV","val":1.0631,"sym":"C:EURUSD","t":1678220098130}`},
		},
		polygon.ClusterCrypto: {
			"XT":  {symbol: "pair", roles: tick, sample: `{"ev":"XT","pair":"BTC-USD","p":33021.9,"t":1610462007425,"s":0.01616617,"c":[2],"i":14272084,"x":3,"r":1610462007576}`},
			"XQ":  {symbol: "pair", roles: quote, sample: `{"ev":"XQ","pair":"ADA-USD","lp":0,"ls":0,"bp":0.307124,"bs":468.27344443,"ap":0.307153,"as":7e-06,"t":1690409119965,"x":23,"r":1690409120003}`},
			"XL2": {symbol: "pair", roles: map[string]role{"t": roleNow, "r": roleNow}, sample: `{"ev":"XL2","pair":"BTC-USD","t":1610462411115,"r":1610462411128,"x":1,"b":[[33712.71,0.18635],[33712.7,0.134]],"a":[[33718.23,3.5527483],[33718.24,0.1]]}`},
			"XA":  {symbol: "pair", roles: bar, window: minute, sample: `{"ev":"XA",` + cryptoBar},
			"XAS": {symbol: "pair", roles: bar, window: second, sample: `{"ev":"XAS",` + cryptoBar},
			"AM":  {symbol: "sym", loose: true, roles: bar, window: minute, sample: `{"ev":"AM","sym":"X:BTC-USD",` + launchpadBar},
			"FMV": {symbol: "sym", loose: true, roles: value, sample: `{"ev":"FMV","fmv":33021.9,"sym":"X:BTC-USD","t":1678220098130}`},
			"LV":  {symbol: "sym", loose: true, roles: value, sample: `{"ev":"LV","val":33021.9,"sym":"X:BTC-USD","t":1678220098130}`},
		},
		polygon.ClusterIndices: {
			"V":  {symbol: "T", roles: value, sample: `{"ev":"V","val":3988.5,"T":"I:SPX","t":1678220098130}`},
			"A":  {symbol: "sym", roles: bar, window: second, sample: `{"ev":"A",` + indexBar},
			"AM": {symbol: "sym", roles: bar, window: minute, sample: `{"ev":"AM",` + indexBar},
		},
		polygon.ClusterFutures: {
			"T":  {symbol: "sym", roles: tick, sample: `{"ev":"T","sym":"ESZ4","p":114.125,"s":100,"t":1536036818784,"q":3681328,"z":3}`},
			"Q":  {symbol: "sym", roles: quote, sample: `{"ev":"Q","sym":"ESZ4","bp":114.125,"bs":100,"bt":1734103628360,"ap":114.128,"as":160,"at":1734103628350,"t":1536036818784}`},
			"A":  {symbol: "sym", roles: bar, window: second, sample: `{"ev":"A",` + futureBar},
			"AM": {symbol: "sym", roles: bar, window: minute, sample: `{"ev":"AM",` + futureBar},
		},
	}
}

// everything is what a wildcard stands for here.
func everything(c polygon.Cluster) []string {
	switch c {
	case polygon.ClusterOptions:
		return []string{"O:SPY251219C00650000", "O:AMC210827C00037000", "O:TSLA210903C00700000"}
	case polygon.ClusterForex:
		return []string{"EUR/USD", "USD/JPY", "USD/CNH"}
	case polygon.ClusterCrypto:
		return []string{"BTC-USD", "ETH-USD", "ADA-USD"}
	case polygon.ClusterIndices:
		return []string{"I:SPX", "I:NDX", "I:DJI"}
	case polygon.ClusterFutures:
		return []string{"ESZ5", "NQZ5", "6CH5"}
	}
	return []string{"AAPL", "MSFT", "SPY", "BRK.B", "TSLA"}
}
