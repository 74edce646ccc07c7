#!/bin/sh
# Runs all benchmarks in ROUNDS interleaved rounds and prints RESULTS.md: of every row the fastest and the median
# round. On a machine that does other things at the same time the fastest is the better figure.
#
#   ./run.sh > RESULTS.md
set -eu
cd "$(dirname "$0")"
ROUNDS=${ROUNDS:-5}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
raw=$out/raw

go test -c -o "$out/loopback" .
go test -c -o "$out/decode" ./stocks
(cd ../iqoption && go test -c -o "$out/candles" .)
(cd ../gen && go test -c -o "$out/gen" .)
for _ in $(seq "$ROUNDS"); do
	"$out/decode" -test.run '^$' -test.bench . -test.benchtime 300ms
	(cd ../iqoption && "$out/candles" -test.run '^$' -test.bench Candles -test.benchtime 300ms)
	"$out/loopback" -test.run '^$' -test.bench . -test.benchtime 50000x
	(cd ../gen && "$out/gen" -test.run '^$' -test.bench . -test.benchtime 1x)
done >"$raw"

echo "# Results"
echo
echo "$(date -u +%Y-%m-%d), $(go version | cut -d' ' -f3,4), $(sed -n 's/^cpu: //p' "$raw" | head -1), $(getconf _NPROCESSORS_ONLN) processors, load average $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)."
echo "Of $ROUNDS interleaved rounds: the fastest, and the median in brackets."
echo
echo "| benchmark | unit | figure |"
echo "|---|---|---:|"
# A line is a name, the number of runs, and pairs of figure and unit.
awk '/^Benchmark/ {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	for (i = 3; i < NF; i += 2) if ($(i + 1) !~ /^(MB\/s|B\/op)$/) print name "\t" $(i + 1) "\t" $i
}' "$raw" | sort -t "$(printf '\t')" -k1,1 -k2,2 -k3,3g | awk -F '\t' '
function flush() {
	if (n) printf "| %s | %s | %s (%s) |\n", name, unit, unit == "frames/s" ? v[n] : v[1], v[int((n + 1) / 2)]
}
{ if ($1 != name || $2 != unit) { flush(); n = 0 } name = $1; unit = $2; v[++n] = $3 }
END { flush() }'
