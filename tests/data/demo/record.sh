#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the recordings of this folder anew: builds the program in /opt/demo (recordings carry paths), records it with
# perf (as root), and keeps beside the recordings what resolves their symbols anywhere: the binary and those lines of
# /proc/kallsyms that the sampled addresses need.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p /opt/demo && cp "$here"/orders.c "$here"/orders.h "$here"/pricing.cc /opt/demo/ && cd /opt/demo
flags='-O1 -g -fno-inline -fno-omit-frame-pointer -fno-optimize-sibling-calls -ffreestanding -fno-stack-protector -fno-pie -fcf-protection=none'
gcc $flags -c orders.c
g++ $flags -fno-exceptions -fno-rtti -c pricing.cc
gcc -static -nostdlib -no-pie -Wl,--build-id orders.o pricing.o -o orders
record() { # output, batches, perf options
	output=$1 batches=$2
	shift 2
	perf record -q -N -m 64K -k mono "$@" -o "/opt/demo/$output" -- ./orders "$batches"
	cp "/opt/demo/$output" "$here/$output"
	chmod 644 "$here/$output"
}
record orders.perf.data 4000 -g -F 999 -e cpu-clock
record orders-switches.perf.data 1200 -g -F 499 -e cpu-clock -e context-switches
mkdir -p "$here/symfs/opt/demo" && cp orders "$here/symfs/opt/demo/orders"
# The sampled kernel functions with all their names, and whatever follows each, so that every function keeps its end.
for data in "$here"/*.perf.data; do
	perf script -i "$data" -F ip
done | python3 -c '
import bisect, sys
lines = sorted((line for line in open("/proc/kallsyms") if "[" not in line), key=lambda line: line.split()[0])
starts = sorted({int(line.split()[0], 16) for line in lines})
keep = {int(line.split()[0], 16) for line in lines if line.split()[2] in ("_text", "_stext", "_etext")}
for word in sys.stdin.read().split():
    place = bisect.bisect_right(starts, int(word, 16))
    if int(word, 16) >> 63 and 0 < place < len(starts):
        keep.update(starts[place - 1:place + 1])
sys.stdout.writelines(line for line in lines if int(line.split()[0], 16) in keep)
' >"$here/kallsyms"
