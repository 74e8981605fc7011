#!/bin/sh
# SPDX-License-Identifier: MIT
# Stands for dot in golden tests, which have to be the same with any Graphviz or none: answers what a dot answered when
# the golden files were written.
answer=tests/golden/render/graph.plain
if [ -n "$CF_GOLDEN_UPDATE" ] && command -v dot >/dev/null; then
	dot -Tplain >"$answer.tmp" && mv "$answer.tmp" "$answer"
fi
exec cat "$answer"
