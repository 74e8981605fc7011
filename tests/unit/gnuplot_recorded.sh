#!/bin/sh
# SPDX-License-Identifier: MIT
# Stands for gnuplot in golden tests, which have to be the same with any gnuplot or none: answers what a gnuplot answered
# when the golden files were written, less what isn't read. Charts are told apart by the size of their pictures.
script=$(cat)
size=$(printf '%s\n' "$script" | sed -n 's/^set terminal svg size \([0-9]*\),\([0-9]*\) .*/\1x\2/p')
answer=tests/golden/render/chart-$size.gnuplot
if [ -n "$CF_GOLDEN_UPDATE" ] && command -v gnuplot >/dev/null; then
	printf '%s\n' "$script" | gnuplot -d - >"$answer.tmp" &&
		grep -E "(stroke|fill|color) ?= ?['\"]rgb|<text>|</svg>" "$answer.tmp" >"$answer"
	rm "$answer.tmp"
fi
exec cat "$answer"
