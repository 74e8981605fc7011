#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the scripts of pages and pictures in headless Chromium. Each test page writes PASS and FAIL lines into itself.
cd "$(dirname "$0")/../.." || exit 2
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
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync --user-data-dir="$work/profile" \
		--window-size=1200,800 --virtual-time-budget=20000 "$@" --dump-dom "$url" >"$work/$name.dom" 2>"$work/$name.log"
	p=$(grep -c '^PASS ' "$work/$name.dom")
	f=$(grep -c '^FAIL ' "$work/$name.dom")
	grep '^FAIL ' "$work/$name.dom" | sed "s/^/$name: /"
	if [ "$p" = 0 ]; then
		echo "$name: FAIL no results"
		tail -n 5 "$work/$name.log"
		f=$((f + 1))
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

echo "browser: $passed passed, $failed failed"
[ "$failed" = 0 ]
