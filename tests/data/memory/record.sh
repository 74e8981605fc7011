#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the recordings of memory tools anew, in tests/data/FORMAT: library.c is built and run in /opt/demo, since
# recordings carry paths. Needs valgrind, heaptrack and zstd.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$here/..
mkdir -p /opt/demo && cp "$here"/library.c /opt/demo/ && cd /opt/demo
gcc -O1 -g -fno-inline -fno-omit-frame-pointer -o library library.c
save() { # file, format
	mkdir -p "$data/$2"
	cp "$1" "$data/$2/$1"
	chmod 644 "$data/$2/$1"
}
run() { valgrind -q "$@" >/dev/null 2>&1 || true; }

run --xml=yes --xml-file=leaks-all.xml --leak-check=full --show-leak-kinds=all ./library
run --xml=yes --xml-file=leaks.xml --leak-check=full ./library
run --xml=yes --xml-file=errors.xml --leak-check=full ./library uninitialised overrun twice
for file in leaks-all.xml leaks.xml errors.xml; do save $file memcheck-xml; done
# As if valgrind had been killed while it wrote.
head -c 2500 errors.xml >killed.xml
save killed.xml memcheck-xml

run --tool=massif --massif-out-file=library.massif --time-unit=B --max-snapshots=20 --detailed-freq=4 ./library
run --tool=massif --massif-out-file=stacks.massif --time-unit=i --max-snapshots=10 --detailed-freq=5 --stacks=yes ./library
for file in library.massif stacks.massif; do save $file massif; done

run --tool=dhat --dhat-out-file=library.dhat.json ./library
save library.dhat.json dhat

if command -v heaptrack >/dev/null; then
	heaptrack -o library ./library >/dev/null 2>&1
	zstd -dcq library.zst >library.heaptrack
	rm -f library.zst
	save library.heaptrack heaptrack
	heaptrack --raw -o library ./library >/dev/null 2>&1
	zstd -dcq library.raw.zst >library.raw
	rm -f library.raw.zst
	save library.raw heaptrack
fi

cp "$here"/shop.c .
flags='-O1 -g -fno-inline -fno-omit-frame-pointer'
sanitized() { # output, compiler, sanitizers, program, arguments
	output=$1 compiler=$2 sanitizers=$3 program=$4
	shift 4
	$compiler $flags -fsanitize="$sanitizers" -pthread -o "$program-sanitized" "$program.c"
	"./$program-sanitized" "$@" >"$output" 2>&1 || true
	save "$output" asan
}
sanitized leaks.txt gcc address library
sanitized overrun.txt gcc address,undefined library overrun
sanitized twice-clang.txt clang address library twice
UBSAN_OPTIONS=print_stacktrace=1 sanitized shop-undefined.txt gcc undefined shop
sanitized shop-undefined-clang.txt clang undefined shop
sanitized shop-race.txt gcc thread shop
sanitized uninitialised.txt clang memory library uninitialised
