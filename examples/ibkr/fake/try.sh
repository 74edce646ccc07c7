#!/bin/sh
# Runs programs for the Client Portal gateway against a fake one on localhost:5000. See README.md beside it.
set -eu

if [ $# -eq 0 ]; then
	echo "usage: $0 program.py ..." >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
fake=$(mktemp)
log=$(mktemp)
trap 'kill "$pid" 2>/dev/null || true; rm -f "$fake" "$log"' EXIT
pid=

(cd "$here/../../.." && go build -o "$fake" ./examples/ibkr/fake)
"$fake" -listen localhost:5000 >"$log" &
pid=$!
until grep -q socket "$log"; do
	kill -0 "$pid" || exit 1
	sleep 0.1
done

for program; do
	echo "== $program"
	timeout "${SECONDS_EACH:-15}" "${PYTHON:-python3}" -u "$program" || [ $? -eq 124 ]
done
