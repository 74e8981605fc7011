#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make demo` wrote, as the README's pictures: the tops of its pages as Chromium shows them.
cd "$(dirname "$0")/../.." || exit 2
demo=${O:-build}/demo
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
	echo "pictures: no chromium" >&2
	exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shot() { # page, height, options...
	page=$1 height=$2
	shift 2
	"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work" --virtual-time-budget=5000 \
		--window-size="1100,$height" "$@" --screenshot="$PWD/man/pictures/$page.png" "file://$(realpath "$demo")/$page.html" \
		2>/dev/null >&2 || echo "pictures: no picture of $page.html" >&2
}
cp "$demo/flame.png" man/pictures
shot report 1500
shot release 1250
shot architecture 1180 --force-dark-mode --blink-settings=preferredColorScheme=0
