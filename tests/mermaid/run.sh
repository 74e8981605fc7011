#!/bin/sh
# SPDX-License-Identifier: MIT
# Mermaid's own parser reads the diagrams of the golden files, of the demo and of traces. It is never downloaded here: CF_MERMAID
# names a folder where `npm install mermaid jsdom` was run.
cd "$(dirname "$0")/../.." || exit 2
O=${O:-build}
skip() {
	echo "skipped: $1"
	echo "mermaid: 0 passed, 0 failed, 1 skipped"
	exit 0
}
command -v node >/dev/null || skip "no node"
[ -n "$CF_MERMAID" ] || skip "CF_MERMAID names no folder with the npm packages mermaid and jsdom"
[ -f "$CF_MERMAID/node_modules/mermaid/package.json" ] && [ -d "$CF_MERMAID/node_modules/jsdom" ] ||
	skip "$CF_MERMAID/node_modules lacks mermaid or jsdom"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
callflow() { "$O/callflow" -q --store "$work/callflow.db" "$@"; }
callflow ingest --symfs tests/data/demo/symfs --kallsyms tests/data/demo/kallsyms tests/data/demo/orders.perf.data >/dev/null &&
	callflow tree --min-share 0 -o "$work/tree.mmd" &&
	callflow flamegraph -o "$work/flame.mmd" &&
	callflow callers find_customer -o "$work/callers.mmd" &&
	callflow ingest tests/browser/hostile.folded >/dev/null &&
	callflow flamegraph -o "$work/hostile.mmd" &&
	callflow ingest tests/data/traces/shop-1.json tests/data/traces/shop-2.json >/dev/null &&
	callflow architecture shop-2 --base shop-1 -o "$work/architecture.md" &&
	callflow timeline shop-2 -o "$work/timeline.md" &&
	CF_DIAGRAMS="$work" "$O/tests/unit/render_anything" >/dev/null || {
	echo "mermaid: the program wrote no diagram"
	echo "mermaid: 0 passed, 1 failed"
	exit 1
}
node tests/mermaid/check.mjs "$CF_MERMAID" tests/golden/render/*.mmd tests/golden/render/report.md "$work"/*.mmd "$work"/*.md
