#!/bin/sh
# SPDX-License-Identifier: MIT
# Replays each parser's corpus and then fuzzes it for FUZZ_SECONDS (20) under ASan and UBSan. Needs clang's libFuzzer.
cd "$(dirname "$0")/../.." || exit 2
seconds=${FUZZ_SECONDS:-20}
shared=${CF_SHARED:-../shared}
passed=0 failed=0 skipped=0
B=build-fuzz
if ! echo 'int LLVMFuzzerTestOneInput(const char*d,long n){return 0;}' | clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null; then
	echo "fuzz: skipped: clang with libFuzzer isn't here"
	echo "fuzz: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
make -j2 O=$B fuzz-targets >/dev/null || { echo "fuzz: 0 passed, 1 failed"; exit 1; }
for target in tests/fuzz/*.c; do
	name=$(basename "$target" .c)
	seeds=$(mktemp -d)
	for folder in tests/data/fuzz/"$name" tests/data/demo "$shared"/corpus/"$name" "$shared"/corpus/"$name".data "$shared"/corpus/"$name".data-fuzz; do
		[ -d "$folder" ] || continue
		find "$folder" -maxdepth 1 -type f ! -name '*.json' -size -600k -exec cp {} "$seeds" \;
	done
	if ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 "$B/tests/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=262144 \
		-artifact_prefix="$B/crash-$name-" -print_final_stats=1 "$seeds" >"$B/$name.log" 2>&1; then
		passed=$((passed + 1))
		echo "fuzz: $name: $(grep -oE 'number_of_executed_units: [0-9]+' "$B/$name.log" | grep -oE '[0-9]+') inputs"
	else
		failed=$((failed + 1))
		tail -n 40 "$B/$name.log"
	fi
	rm -rf "$seeds"
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
