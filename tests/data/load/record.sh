#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the recordings of load tests anew, in tests/data/FORMAT. Needs python3, wrk and locust.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$here/..
mkdir -p "$data/wrk" "$data/locust"
python3 "$here/shop.py" 2>/dev/null &
shop=$!
trap 'kill $shop' EXIT
for try in 1 2 3 4 5 6 7 8 9 10; do
	sleep 1
	python3 -c "import socket; socket.create_connection((\"127.0.0.1\", 8123))" 2>/dev/null && break
done
for connections in 2 4 8 16; do
	wrk -t2 -c$connections -d2s --latency http://127.0.0.1:8123/cart
done >"$data/wrk/steps.txt"
{
	wrk -t1 -c4 -d1s http://127.0.0.1:8123/
	wrk -t1 -c4 -d1s http://127.0.0.1:8123/gone
} >"$data/wrk/endpoints.txt"
work=$(mktemp -d)
locust -f "$here/locustfile.py" --headless -u 8 -r 2 -t 25s -H http://127.0.0.1:8123 --csv "$work/shop" --csv-full-history --only-summary \
	>/dev/null 2>&1 || true
for kind in stats stats_history failures exceptions; do cp "$work/shop_$kind.csv" "$data/locust/$kind.csv"; done
rm -rf "$work"
