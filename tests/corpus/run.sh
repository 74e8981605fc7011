#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the tests that compare with files and tools from elsewhere; each says "skipped" when its oracle isn't here. Those
# that check files of the corpus count them by format: the table before the last line.
cd "$(dirname "$0")/../.." || exit 2
CF_SHARED=${CF_SHARED:-../shared}
O=${O:-build}
PYTHONDONTWRITEBYTECODE=1
export CF_SHARED O PYTHONDONTWRITEBYTECODE
passed=0 failed=0 skipped=0 formats=
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
	formats="$formats
$(echo "$out" | grep '^format ')"
	echo "$out" | grep -v '^format '
done
echo "$formats" | sort | while read -r _ name p f s; do
	[ -z "$name" ] || printf '  %-20s %3d passed %3d failed %3d skipped\n' "$name" "$p" "$f" "$s"
done
echo "corpus: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
