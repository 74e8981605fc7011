#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the tests that compare with files and tools from elsewhere; each says "skipped" when its oracle isn't here.
cd "$(dirname "$0")/../.." || exit 2
CF_SHARED=${CF_SHARED:-../shared}
O=${O:-build}
export CF_SHARED O
passed=0 failed=0 skipped=0
for test in tests/corpus/*; do
	case $test in */run.sh) continue ;; esac
	[ -f "$test" ] && [ -x "$test" ] || continue
	out=$("$test" 2>&1)
	status=$?
	last=$(echo "$out" | grep -E '[0-9]+ passed, [0-9]+ failed' | tail -n 1)
	p=$(echo "$last" | grep -oE '[0-9]+ passed' | grep -oE '[0-9]+')
	f=$(echo "$last" | grep -oE '[0-9]+ failed' | grep -oE '[0-9]+')
	s=$(echo "$last" | grep -oE '[0-9]+ skipped' | grep -oE '[0-9]+')
	[ -n "$last" ] || f=1
	[ "$status" = 0 ] || [ "${f:-0}" != 0 ] || f=1
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
	echo "$out"
done
echo "corpus: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
