# SPDX-License-Identifier: MIT
# output: files that are whole or not there, formats, streams that are closed or full.
# shellcheck shell=sh

stacks
callflow -q ingest one.txt >/dev/null

for format in text markdown html json csv svg png pdf; do
	case $format in svg | png | pdf) command=flamegraph ;; *) command=top ;; esac
	status 0 callflow $command -f $format
	that test -s ../out
done
for extension in txt md html json csv; do
	status 0 callflow top -o "x.$extension"
	empty out
	that test -s "x.$extension"
done
for extension in svg png pdf; do
	status 0 callflow flamegraph -o "x.$extension"
	that test -s "x.$extension"
done
is "$(head -c 4 x.pdf)" "%PDF"
is "$(head -c 4 x.png | od -An -c | tr -d ' ')" '211PNG'
status 0 callflow top -f csv
is "$(sed -n 2p ../out | cut -d, -f 1,3,4)" "price,30,30"

# The same bytes, whatever the environment.
callflow report -o a.html
LC_ALL=C TZ=Pacific/Apia callflow report -o b.html
that cmp a.html b.html

# A failure leaves the old file and no new one.
echo old >keep.html
status 3 callflow top -o keep.html nosuch
is "$(cat keep.html)" old
is "$(find . -name '.*' -type f | wc -l)" 0
status 3 callflow top -o nosuchdir/x.html
status 4 sh -c 'callflow top -n 0 >/dev/full'

# Whoever reads has seen enough; nobody reads at all; nothing is open.
callflow top 2>../err | head -n 1 >/dev/null
empty err
(callflow top >&- 2>../err)
status 0 sh -c 'callflow top 0<&- 2>&-'
has out "price"

# Pictures don't go to a terminal.
if command -v script >/dev/null; then
	script -qec "callflow flamegraph -f png" /dev/null >../out 2>&1 </dev/null
	is $? 2
	has out "isn't for a terminal"
	script -qec "stty cols 80; TERM=xterm NO_COLOR=1 callflow top" /dev/null >../out 2>&1 </dev/null
	hasnt out "$(printf '\033')"
fi
status 0 callflow --color always top
status 0 env CLICOLOR_FORCE=1 callflow top
cp ../out ../forced
status 0 env CLICOLOR_FORCE=1 NO_COLOR=1 callflow top
hasnt out "$(printf '\033')"
