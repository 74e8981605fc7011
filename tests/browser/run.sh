#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the scripts of pages and pictures in headless Chromium. Each test page writes PASS and FAIL lines into itself.
cd "$(dirname "$0")/../.." || exit 2
O=${O:-build}
if [ -n "$NO_BROWSER" ]; then
	echo "skipped: NO_BROWSER is set"
	echo "browser: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$browser" ]; then
	echo "skipped: no chromium"
	echo "browser: 0 passed, 0 failed, 1 skipped"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

page() { # name, url, options...
	name=$1 url=$2
	shift 2
	timeout "${BROWSER_SECONDS:-60}" "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync --user-data-dir="$work/profile" \
		--window-size=1200,800 --virtual-time-budget=120000 --enable-logging=stderr "$@" --dump-dom "$url" \
		>"$work/$name.dom" 2>"$work/$name.log"
	p=$(grep -c '^PASS ' "$work/$name.dom")
	f=$(grep -c '^FAIL ' "$work/$name.dom")
	[ "$p" != 0 ] || p=$(grep -c '<svg [^>]*class="cf-flame [^"]*cf-live"' "$work/$name.dom") # no test in it: its script ran
	grep '^FAIL ' "$work/$name.dom" | sed "s/^/$name: /"
	if [ "$p" = 0 ]; then
		echo "$name: FAIL no results"
		tail -n 5 "$work/$name.log"
		f=$((f + 1))
	fi
	if grep ':CONSOLE' "$work/$name.log" | grep -v 'Blocked script execution in .about:srcdoc' | sed "s/^/$name: FAIL /" | grep .; then
		f=$((f + 1))
	else
		p=$((p + 1))
	fi
	passed=$((passed + p)) failed=$((failed + f))
}

# Two graphs within a page, one of them made of hostile names.
{
	echo '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>test</title><style>:root{color-scheme:light dark}'
	cat templates/html/flame.css
	echo '</style></head><body><div>'
	cat tests/golden/flame/server.svg
	echo '</div><div>'
	cat tests/golden/flame/hostile.svg
	echo '</div><script>'
	cat tests/browser/flame_test.js
	echo '</script><script>'
	cat templates/html/flame.js
	echo '</script></body></html>'
} >"$work/page.html"
page flame-page "file://$work/page.html"

# The same graph as a picture of its own.
{
	echo '<?xml version="1.0" encoding="UTF-8"?>'
	sed -e 's/class="cf-flame"/class="cf-flame cf-alone"/' -e '$d' tests/golden/flame/server.svg
	echo '<style><![CDATA['
	cat templates/html/flame.css
	echo ']]></style><script><![CDATA['
	cat tests/browser/flame_test.js templates/html/flame.js
	echo ']]></script></svg>'
} >"$work/picture.svg"
page flame-picture "file://$work/picture.svg" --force-prefers-reduced-motion

# Reports as the program writes them: of the demo recording, and of stacks whose names are out for trouble. A copy of
# each gets the test before its own scripts; frames are as narrow as a phone, or run no script.
callflow() { "$O/callflow" -q --store "$work/callflow.db" "$@"; }
with_test() { # page or picture, markup: puts it before the scripts that matter
	awk -v part="$2" 'function put() { while ((getline line <part) > 0) print line }
		/^<script><!\[CDATA/ { put() } { print } /^<\/head>/ { put() }' "$1"
}
frame() { # width, attributes: a page with that frame in it, which tells its results
	echo '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>frame</title></head><body><pre id="results"></pre>'
	echo '<script>addEventListener("message",function(e){document.getElementById("results").textContent=e.data})</script>'
	echo "<iframe style=\"width:$1px;height:800px;border:0\" $2></iframe>"
}
callflow ingest --symfs tests/data/demo/symfs --kallsyms tests/data/demo/kallsyms tests/data/demo/orders.perf.data \
	>/dev/null && callflow report summary -o "$work/report.html" && callflow top --top 20 -f csv >"$work/top.csv" &&
	callflow ingest tests/browser/hostile.folded >/dev/null && callflow report summary -o "$work/hostile.html" &&
	callflow flamegraph -o "$work/hostile.svg" || {
	echo "report: FAIL the program wrote no report"
	failed=$((failed + 1))
}
{
	echo '<script class="test" type="text/plain" id="expected-csv">'
	cat "$work/top.csv"
	echo '</script><script class="test">'
	cat tests/browser/report_test.js
	echo '</script>'
} >"$work/test.part"
with_test "$work/report.html" "$work/test.part" >"$work/report-test.html"
{
	echo '<script class="test">'
	cat tests/browser/report_test.js
	echo '</script>'
} >"$work/test.part"
with_test "$work/hostile.html" "$work/test.part" >"$work/hostile-test.html"
{
	echo '<script class="test"><![CDATA['
	cat tests/browser/report_test.js
	echo ']]></script>'
} >"$work/test.part"
with_test "$work/hostile.svg" "$work/test.part" >"$work/hostile-test.svg"
frame 375 'src="report-test.html"' >"$work/report-phone.html"
frame 375 'src="hostile-test.html"' >"$work/hostile-phone.html"
{
	frame 375 "sandbox=\"allow-same-origin\" srcdoc=\"$(sed -e 's/&/\&amp;/g' -e 's/"/\&quot;/g' "$work/report.html")\""
	echo '<script>'
	cat tests/browser/nojs_test.js
	echo '</script></body></html>'
} >"$work/report-nojs.html"
for f in report.html hostile.html hostile.svg; do
	page "$f" "file://$work/$f"
done
for f in report-test.html hostile-test.html hostile-test.svg report-phone.html hostile-phone.html report-nojs.html; do
	page "$f" "file://$work/$f"
done

# Pictures of graphs, sequences and timelines, whose unit test writes a page of them.
CF_PAGE="$work/figures.html" "$O/tests/unit/render_svg" >/dev/null || {
	echo "figures: FAIL no page was written"
	failed=$((failed + 1))
}
{
	echo '<script class="test">'
	cat tests/browser/figure_test.js
	echo '</script>'
} >"$work/test.part"
with_test "$work/figures.html" "$work/test.part" >"$work/figures-test.html"
frame 375 'src="figures-test.html"' >"$work/figures-phone.html"
page figures-test.html "file://$work/figures-test.html"
page figures-phone.html "file://$work/figures-phone.html"

# Timelines of samples and of traces.
callflow timeline orders -o "$work/samples.html" && callflow ingest tests/data/traces/shop-2.json >/dev/null &&
	callflow timeline shop-2 -o "$work/traces.html" || {
	echo "timeline: FAIL the program wrote no page"
	failed=$((failed + 1))
}
{
	echo '<script class="test">'
	cat tests/browser/timeline_test.js
	echo '</script>'
} >"$work/test.part"
for kind in samples traces; do
	with_test "$work/$kind.html" "$work/test.part" >"$work/$kind-test.html"
	frame 375 "src=\"$kind-test.html\"" >"$work/$kind-phone.html"
	page "$kind-test.html" "file://$work/$kind-test.html"
	page "$kind-phone.html" "file://$work/$kind-phone.html"
done

echo "browser: $passed passed, $failed failed"
[ "$failed" = 0 ]
