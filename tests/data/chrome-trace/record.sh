#!/bin/sh
# SPDX-License-Identifier: MIT
# Records what clang did to compile a small file, and what our own export makes of stacks, again.
cd "$(dirname "$0")" || exit 2
top=$PWD/../../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <vector>\nint sum(const std::vector<int> &v) { int s = 0; for (int i : v) s += i; return s; }\n' >"$work/sum.cc"
(cd "$work" && clang++ -ftime-trace -ftime-trace-granularity=3000 -c sum.cc)
cp "$work/sum.json" clang.json
printf 'main;parse;read 15\nmain;price 30\nmain;price;round 5\n' >"$work/stacks.txt"
"$top/build/callflow" --store "$work/a.db" -q ingest "$work/stacks.txt" >/dev/null
"$top/build/callflow" --store "$work/a.db" export --to chrome -o stacks.trace.json
