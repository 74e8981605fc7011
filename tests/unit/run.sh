#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs unit test programs; says at the end what those that failed had to say, and counts in the last line.
# Machines are shared: what takes a second alone may take ten.
CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-30}
export CK_DEFAULT_TIMEOUT
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
passed=0 failed=0
for t in "$@"; do
	if "$t" >"$log/one" 2>&1; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "failed: $t" >>"$log/failed"
		tail -n 40 "$log/one" >>"$log/failed"
	fi
	cat "$log/one"
done
[ "$failed" = 0 ] || cat "$log/failed"
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ]
