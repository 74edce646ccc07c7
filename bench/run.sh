#!/bin/sh
# Runs all benchmarks in interleaved rounds and writes RESULTS.md and results.svg: of every row the best and the median
# round. On a machine that does other things at the same time the best is the better figure.
#
#   ./run.sh            five rounds, ten minutes or so
#   ROUNDS=1 ./run.sh   one
#   BENCHTIME=1s ./run.sh
set -eu
cd "$(dirname "$0")"
ROUNDS=${ROUNDS:-5}
BENCHTIME=${BENCHTIME:-500ms}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
raw=$out/raw

# bench DIR BINARY FLAGS... runs the benchmarks of a package where its test data is.
bench() {
	(cd "$1" && shift && "$@" -test.run '^$') >>"$raw"
}

go build -o "$out/report" ./report
for pkg in .:endtoend ./internal/contender:decode; do
	go test -c -o "$out/${pkg#*:}" "${pkg%:*}"
done
for pkg in iqoption:iqoption ibkr:ibkr kraken:kraken kraken/krakenv1:krakenv1 kraken/book:book gen:gen; do
	(cd "../${pkg%:*}" && go test -c -o "$out/${pkg#*:}" .)
done

{
	echo "meta: $(date -u +%Y-%m-%d), $(go version | cut -d' ' -f3,4), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1), $(getconf _NPROCESSORS_ONLN) processors, load average $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown) before the first of $ROUNDS rounds of $BENCHTIME."
	echo "meta: $(go list -m -f '{{.Path}} {{.Version}}' github.com/goccy/go-json github.com/gorilla/websocket github.com/polygon-io/client-go | sed 's/$/,/' | tr '\n' ' ')GOEXPERIMENT \"$(go env GOEXPERIMENT)\"."
} >"$raw"

for round in $(seq "$ROUNDS"); do
	echo "round $round of $ROUNDS" >&2
	bench ./internal/contender "$out/decode" -test.bench . -test.benchtime "$BENCHTIME"
	bench . "$out/endtoend" -test.bench EndToEnd -test.benchtime "$BENCHTIME"
	bench . "$out/endtoend" -test.bench Latency -test.benchtime 1500x
	bench ../iqoption "$out/iqoption" -test.bench Candles -test.benchtime "$BENCHTIME"
	bench ../ibkr "$out/ibkr" -test.bench '^BenchmarkTick' -test.benchtime "$BENCHTIME"
	bench ../kraken "$out/kraken" -test.bench BookUpdate -test.benchtime "$BENCHTIME"
	bench ../kraken/krakenv1 "$out/krakenv1" -test.bench Trades -test.benchtime "$BENCHTIME"
	bench ../kraken/book "$out/book" -test.bench . -test.benchtime "$BENCHTIME"
	bench ../gen "$out/gen" -test.bench . -test.benchtime 1x
	bench . "$out/endtoend" -test.bench Build -test.benchtime 1x
done

"$out/report" <"$raw"
cat RESULTS.md
