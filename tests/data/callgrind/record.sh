#!/bin/sh
# SPDX-License-Identifier: MIT
# Records shop.c with callgrind and cachegrind: one profile with everything that the format has, one in three parts, one
# per thread, one of lines only. Needs gcc and valgrind; the program lies in /opt/shop while it is recorded.
set -e
cd "$(dirname "$0")"
here=$(pwd)
mkdir -p /opt/shop
cp shop.c shop.h /opt/shop
cd /opt/shop
gcc -O1 -g -static -pthread -o shop shop.c
record() { # file, options
	file=$1
	shift
	valgrind -q --tool=callgrind --toggle-collect=trade --callgrind-out-file="$file" "$@" ./shop
}
record full.callgrind --dump-instr=yes --collect-jumps=yes --cache-sim=yes --branch-sim=yes
record parts.callgrind --dump-before=close_books --combine-dumps=yes
record threads.callgrind --separate-threads=yes
valgrind -q --tool=cachegrind --cachegrind-out-file=shop.cachegrind ./shop
mv full.callgrind parts.callgrind threads.callgrind-0* shop.cachegrind "$here"
rm -r /opt/shop
