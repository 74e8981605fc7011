#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs unit test programs; the last line counts programs that passed and failed.
passed=0 failed=0
for t in "$@"; do
	if "$t"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ]
