#!/bin/sh
# SPDX-License-Identifier: MIT
# Replays each parser's corpus and then fuzzes it for FUZZ_SECONDS under ASan and UBSan, by default all together for two
# minutes. FUZZ_ONLY="perf json" names the targets, FUZZ_SEED=N repeats a run. Needs clang's libFuzzer.
cd "$(dirname "$0")/../.." || exit 2
shared=${CF_SHARED:-../shared}
passed=0 failed=0 skipped=0
B=build-fuzz
if ! echo 'int LLVMFuzzerTestOneInput(const char*d,long n){return 0;}' | clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null; then
	echo "fuzz: skipped: clang with libFuzzer isn't here"
	echo "fuzz: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
mkdir -p "$B"
make -j2 O=$B fuzz-targets >"$B/make.log" 2>&1 || { tail -n 20 "$B/make.log"; echo "fuzz: 0 passed, 1 failed"; exit 1; }

# Formats share one program; the other targets have one each.
formats=$(sed -n 's/^CF_FORMAT(\(.*\))$/\1/p' ingest/formats.def | tr _ -)
others=$(for target in tests/fuzz/*.c; do basename "$target" .c; done | grep -v '^format$')
targets=${FUZZ_ONLY:-$formats $others}
# shellcheck disable=SC2086
seconds=${FUZZ_SECONDS:-$((120 / $(echo $targets | wc -w) + 1))}

fuzz() { # name, program
	seeds=$(mktemp -d)
	for folder in tests/data/fuzz/"$1" tests/data/"$1" "$shared"/corpus/"$1" "$shared"/corpus/"$1".data "$shared"/corpus/"$1".data-fuzz; do
		[ -d "$folder" ] || continue
		find "$folder" -maxdepth 1 -type f ! -name '*.expect.json' -size -600k -exec cp {} "$seeds" \;
	done
	if [ "$1" = perf ]; then cp tests/data/demo/*.data "$seeds"; fi
	if CF_FUZZ_FORMAT=$1 ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 "$B/tests/fuzz/$2" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" \
		-timeout=10 -rss_limit_mb=1024 -max_len=262144 -artifact_prefix="$B/crash-$1-" -print_final_stats=1 "$seeds" >"$B/$1.log" 2>&1; then
		passed=$((passed + 1))
		echo "fuzz: $1: $(grep -oE 'number_of_executed_units: [0-9]+' "$B/$1.log" | grep -oE '[0-9]+') inputs"
	else
		failed=$((failed + 1))
		tail -n 40 "$B/$1.log"
	fi
	rm -rf "$seeds"
}
for name in $targets; do
	if [ -f "tests/fuzz/$name.c" ]; then fuzz "$name" "$name"; else fuzz "$name" format; fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
