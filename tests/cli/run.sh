#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the program from outside: each *.sh here in a folder of its own, with assert.inc. The last line counts assertions.
cd "$(dirname "$0")/../.." || exit 2
top=$PWD
O=${O:-build}
case $O in /*) ;; *) O=$top/$O ;; esac
unset CALLFLOW_STORE CALLFLOW_IN NO_COLOR CLICOLOR_FORCE COLUMNS GITHUB_SHA CI_COMMIT_SHA SOURCE_DATE_EPOCH
export PATH="$O:$PATH" CF_TOP="$top" LC_ALL=C.UTF-8 TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for script in "$top"/tests/cli/*.sh; do
	name=$(basename "$script" .sh)
	[ "$name" = run ] && continue
	[ $# = 0 ] || [ "$1" = "$name" ] || continue
	mkdir -p "$work/$name/here"
	(
		cd "$work/$name/here" || exit 2
		HOME=$work/$name
		export HOME
		CF_COUNTS=$work/$name/counts CF_SCRIPT=$name
		export CF_COUNTS CF_SCRIPT
		: >"$CF_COUNTS"
		# shellcheck disable=SC1091
		. "$top/tests/cli/assert.inc"
		# shellcheck disable=SC1090
		. "$script"
		echo ended >>"$CF_COUNTS"
	)
	# A script that ended early counts as a failure of its own.
	grep -qx ended "$work/$name/counts" || { echo "$name: ended early"; echo fail >>"$work/$name/counts"; }
done
passed=$(cat "$work"/*/counts | grep -cx pass)
failed=$(cat "$work"/*/counts | grep -cx fail)
echo "cli: $passed passed, $failed failed"
[ "$failed" = 0 ]
