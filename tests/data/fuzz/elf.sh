#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the small ELF files of tests/data/fuzz/elf: an object, a library with a linkage table, its stripped half and its
# debug half, and DWARF packed by zlib and of version 4.
cd "$(dirname "$0")/elf" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/small.cc" <<'EOF'
extern "C" int puts(const char *);
namespace shop {
template <typename T> struct Box {
	T value;
	T get(int n) const { return n ? value : puts("box"); }
};
int price(int n) { return Box<int>{ n }.get(n); }
} // namespace shop
EOF
flags='-g -O1 -fPIC -nostdlib -fno-asynchronous-unwind-tables -ffile-prefix-map=/=.'
cd "$work" || exit 2
g++ $flags -c small.cc -o object.o
g++ $flags -shared -Wl,--build-id -Wl,-z,noseparate-code small.cc -o library.so
g++ $flags -gz=zlib -shared -Wl,--build-id -Wl,-z,noseparate-code small.cc -o packed.so
g++ $flags -gdwarf-4 -shared -Wl,-z,noseparate-code small.cc -o dwarf4.so
objcopy --only-keep-debug library.so debug.so
objcopy --strip-all --add-gnu-debuglink=debug.so library.so stripped.so
cd - >/dev/null || exit 2
cp "$work"/*.o "$work"/*.so .
