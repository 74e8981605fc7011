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

flame_js() { # the script as the program writes it
	echo "(function () {'use strict';"
	cat templates/html/flame_text.js templates/html/flame_model.js templates/html/flame_difference.js templates/html/flame_map.js templates/html/flame.js
	echo '})();'
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
	flame_js
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
	cat tests/browser/flame_test.js
	flame_js
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
	>/dev/null && callflow report summary -o "$work/report.html" && callflow flamegraph --inverted -o "$work/inverted.svg" && callflow top --top 20 -f csv >"$work/top.csv" &&
	callflow ingest tests/browser/hostile.folded >/dev/null && callflow report summary -o "$work/hostile.html" &&
	callflow flamegraph -o "$work/hostile.svg" || {
	echo "report: FAIL the program wrote no report"
	failed=$((failed + 1))
}
# What can be mailed.
if [ "$(wc -c <"$work/report.html")" -lt 409600 ]; then
	passed=$((passed + 1))
else
	echo "report.html: FAIL more than 400 KB"
	failed=$((failed + 1))
fi
{
	echo '<script class="test" type="text/plain" id="expected-csv">'
	cat "$work/top.csv"
	echo '</script><script class="test" type="text/plain" id="expected-inverted">'
	grep -o '<title>[^<]*' "$work/inverted.svg" | sed 's/^<title>//'
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

# A recording of two metrics.
printf '%s\n' 'main;parse;read 30 10' 'main;parse;<b>x</b> 3 40' 'main;write 7 50' >"$work/two.folded"
{
	echo '<script class="test">'
	cat tests/browser/metric_test.js
	echo '</script>'
} >"$work/test.part"
callflow flamegraph -o "$work/two.html" "$work/two.folded"
with_test "$work/two.html" "$work/test.part" >"$work/two-test.html"
page two-test.html "file://$work/two-test.html#g=flame&m=samples%20before&s=read"

# Two sides in one graph.
printf 'main;steady 400\nmain;slow 300\nmain;other 300\nmain;third 300\nmain;past 100\n' >"$work/before.folded"
printf 'main;steady 400\nmain;slow 600\nmain;other 300\nmain;third 300\nmain;fresh 300\n' >"$work/after.folded"
{
	echo '<script class="test">'
	cat tests/browser/difference_test.js
	echo '</script>'
} >"$work/test.part"
callflow flamegraph --base "$work/before.folded" -o "$work/sides.html" "$work/after.folded"
with_test "$work/sides.html" "$work/test.part" >"$work/sides-test.html"
page sides-test.html "file://$work/sides-test.html"

# A graph of 150 levels, as a page and as a picture.
{
	printf 'shallow 30\n'
	seq -s ';' -f 'level_%g' 149 | sed 's/$/ 70/'
} >"$work/deep.folded"
{
	echo '<script class="test"><![CDATA['
	cat tests/browser/map_test.js
	echo ']]></script>'
} >"$work/test.part"
callflow flamegraph -o "$work/deep.svg" "$work/deep.folded" && callflow flamegraph -o "$work/deep.html" "$work/deep.folded"
with_test "$work/deep.svg" "$work/test.part" >"$work/deep-test.svg"
sed -e 's/<!\[CDATA\[//' -e 's/\]\]>//' "$work/test.part" >"$work/page.part"
with_test "$work/deep.html" "$work/page.part" >"$work/deep-test.html"
page deep-test.svg "file://$work/deep-test.svg"
page deep-test.html "file://$work/deep-test.html"

# Pictures of graphs, sequences, timelines and charts, whose unit test writes a page of them.
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

# Pictures for people to look at.
shots=$O/screenshots
mkdir -p "$shots"
frame 375 'src="report.html"' | sed -e 's/<body>/<body style="margin:0">/' -e 's/height:800px/height:3000px/' >"$work/phone.html"
shoot() { # picture, width, height, page, options...
	out=$1 size=$2,$3 url=$4
	shift 4
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/shots" \
		--virtual-time-budget=5000 --window-size="$size" "$@" --screenshot="$shots/$out" "$url" >/dev/null 2>&1
	[ -s "$shots/$out" ] || {
		echo "screenshot $out: FAIL"
		failed=$((failed + 1))
	}
}
rm -f "$shots"/*.png "$shots"/*.pdf
shoot light.png 1200 2900 "file://$work/report.html"
shoot dark.png 1200 2900 "file://$work/report.html" --force-dark-mode
shoot phone.png 375 3000 "file://$work/phone.html"
shoot wide.png 3840 2160 "file://$work/report.html"
shoot bottom-up.png 1200 1000 "file://$work/two.html#g=flame&v=up"
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --no-pdf-header-footer \
	--print-to-pdf="$shots/print.pdf" "file://$work/report.html" >/dev/null 2>&1
[ -s "$shots/print.pdf" ] || {
	echo "print: FAIL"
	failed=$((failed + 1))
}

echo "browser: $passed passed, $failed failed"
[ "$failed" = 0 ]
