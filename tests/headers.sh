#!/bin/sh
# SPDX-License-Identifier: MIT
# Every header compiles alone, and every source file begins as the others do.
cd "$(dirname "$0")/.." || exit 2
passed=0 failed=0
flags=$(pkg-config --cflags glib-2.0 pangocairo cairo-pdf libxml-2.0)
for header in $(find core ingest store analyzers render pipelines cli -name '*.h' | LC_ALL=C sort); do
	if echo "#include \"$header\"" | ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I. -I"${O:-build}/gen" $flags -Wall -Wextra -Wno-unused-parameter -Werror -fsyntax-only -x c -; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "headers: $header doesn't compile alone"
	fi
done
for source in $(find core ingest store analyzers render pipelines cli tests -name '*.[ch]' | LC_ALL=C sort); do
	name=$(basename "$source" | sed 's/\.[ch]$//')
	if [ "$(sed -n 1p "$source")" = '/* SPDX-License-Identifier: MIT */' ] && sed -n 2p "$source" | grep -q "^/\* [a-z0-9_]*: .*\|^/\*$"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "headers: $source: lines 1 and 2 should be the licence and \"/* $name: what it is. */\""
	fi
done
echo "headers: $passed passed, $failed failed"
[ "$failed" = 0 ]
