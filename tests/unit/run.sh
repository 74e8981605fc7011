#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs unit test programs; the last line counts programs that passed and failed.
# Machines are shared: what takes a second alone may take ten.
CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-30}
export CK_DEFAULT_TIMEOUT
passed=0 failed=0 which=
for t in "$@"; do
	if "$t"; then passed=$((passed + 1)); else failed=$((failed + 1)) which="$which $t"; fi
done
[ -z "$which" ] || echo "failed:$which"
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ]
