#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs every test suite and adds up their counts. A suite is a command whose last line ends in "N passed, N failed",
# perhaps with ", N skipped"; one without such a line counts as a failure. Its parts, if it counts them, are shown below it.
O=${O:-build}
export O
cd "$(dirname "$0")/.." || exit 2
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
passed=0 failed=0 skipped=0
suite() { # name, command...
	name=$1
	shift
	begin=$(date +%s)
	"$@" >"$log/$name" 2>&1
	status=$?
	last=$(grep -E '[0-9]+ passed, [0-9]+ failed' "$log/$name" | tail -n 1)
	p=$(echo "$last" | grep -oE '[0-9]+ passed' | grep -oE '[0-9]+')
	f=$(echo "$last" | grep -oE '[0-9]+ failed' | grep -oE '[0-9]+')
	s=$(echo "$last" | grep -oE '[0-9]+ skipped' | grep -oE '[0-9]+')
	if [ -z "$last" ] || { [ "$status" != 0 ] && [ "${f:-0}" = 0 ]; }; then
		f=$((${f:-0} + 1))
	fi
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
	printf '%-10s %5d passed %4d failed %4d skipped  %3d s\n' "$name" "${p:-0}" "${f:-0}" "${s:-0}" $(($(date +%s) - begin))
	grep -E '^  [a-z0-9-]+ +[0-9]+ passed +[0-9]+ failed +[0-9]+ skipped$' "$log/$name"
	if [ "${f:-0}" != 0 ]; then
		tail -n 60 "$log/$name"
	else
		grep -E '(^|[^a-z])skipped' "$log/$name" | grep -vE '[0-9]+ passed' | head -n 5
	fi
}

suite headers tests/headers.sh
suite layers tests/layers.sh
suite unit tests/unit/run.sh $(find "$O/tests/unit" -type f -perm -u+x | LC_ALL=C sort)
suite cli tests/cli/run.sh
suite man tests/man.sh
suite mermaid tests/mermaid/run.sh
suite corpus tests/corpus/run.sh
suite browser tests/browser/run.sh
[ -n "$NO_FUZZ" ] || suite fuzz tests/fuzz/run.sh
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
