#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the recordings of this folder anew: builds both versions of the program as /opt/demo/index (recordings carry paths),
# records them with perf (as root), and keeps the binaries, each in the symfs of its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
flags='-O1 -g -falign-functions=64 -falign-loops=64 -fno-inline -fno-omit-frame-pointer -fno-optimize-sibling-calls -ffreestanding -fno-stack-protector -fno-pie -fcf-protection=none'
mkdir -p /opt/demo
for version in before after; do
	cp "$here/index-$version.c" /opt/demo/index.c
	(
		cd /opt/demo
		gcc $flags -static -nostdlib -no-pie -Wl,--build-id index.c -o index
		perf record -q -N -m 64K -k mono --user-callchains -g -F 499 -e cpu-clock:u -o "$version.perf.data" -- ./index "${1:-8000}"
	)
	mkdir -p "$here/symfs-$version/opt/demo"
	cp /opt/demo/index "$here/symfs-$version/opt/demo/index"
	cp "/opt/demo/$version.perf.data" "$here/$version.perf.data"
	chmod 644 "$here/$version.perf.data"
done
