#!/bin/sh
# SPDX-License-Identifier: MIT
# Records the CPU and the heap profile of shop.js again: times and sizes differ each time.
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p /tmp/shop && cp shop.js /tmp/shop
node --cpu-prof --cpu-prof-interval 2000 --cpu-prof-dir "$work" --cpu-prof-name shop.cpuprofile /tmp/shop/shop.js
node --heap-prof --heap-prof-interval 65536 --heap-prof-dir "$work" --heap-prof-name shop.heapprofile /tmp/shop/shop.js
mv "$work/shop.cpuprofile" .
mv "$work/shop.heapprofile" ../heapprofile
rm -r /tmp/shop
