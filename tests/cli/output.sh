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
status 0 callflow top -f md
that cmp -s ../out x.md
for extension in svg png pdf; do
	status 0 callflow flamegraph -o "x.$extension"
	that test -s "x.$extension"
done
is "$(head -c 4 x.pdf)" "%PDF"
is "$(head -c 4 x.png | od -An -c | tr -d ' ')" '211PNG'
status 0 callflow top -f csv
is "$(sed -n 2p ../out | cut -d, -f 1,3,4)" "price,30,30"

# What draws pictures isn't loaded for anything else, and may be missing then.
is "$(ldd "$(command -v callflow)" | grep -cE 'cairo|pango|libxml|libX11')" 0
mkdir none
: >none/libpangocairo-1.0.so.0
: >none/libxml2.so.2
status 4 env LD_LIBRARY_PATH="$PWD/none" callflow flamegraph -o y.png
has err "callflow: error: can't load libpangocairo-1.0.so.0 (package libpangocairo-1.0-0): "
status 4 env LD_LIBRARY_PATH="$PWD/none" callflow flamegraph -o y.svg
has err "can't load libxml2.so.2 (package libxml2): "
that test ! -e y.png
that test ! -e y.svg
status 0 env LD_LIBRARY_PATH="$PWD/none" callflow top
status 0 env LD_LIBRARY_PATH="$PWD/none" callflow --version
has out "no cairo and Pango, no libxml2"

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

# Nor does an output replace what is being read, whatever name it is given.
cp callflow.db ../saved.db
ln callflow.db twin.json
ln -s callflow.db link.csv
status 2 callflow export --logical -o callflow.db
has err "callflow.db: error: not written: it is"
status 2 callflow export -o callflow.db --to json
status 2 callflow top -o twin.json
status 2 callflow top -o link.csv
status 2 callflow query -f csv "select 1" -o ./callflow.db
that cmp callflow.db ../saved.db
rm twin.json link.csv
cp two.txt stacks.csv
status 2 callflow export ./stacks.csv -o stacks.csv
has err "stacks.csv: error: not written"
that cmp two.txt stacks.csv
mkdir ../none
status 2 env --chdir=../none callflow --store nothing.db top "$PWD/two.txt" -f text -o "$PWD/two.txt"
rmdir ../none
that cmp two.txt stacks.csv
callflow -q delete --yes 2
echo "# Title" >own.md
status 2 callflow report ./own.md -o own.md
is "$(cat own.md)" "# Title"
is "$(find . -name '.*' -type f | wc -l)" 0

# Whoever reads has seen enough; nobody reads at all; nothing is open.
callflow top 2>../err | head -n 1 >/dev/null
empty err
callflow top >&- 2>../err
is $? 0
empty err
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

# Markdown shows pictures from files beside it, flame graphs as well.
status 0 callflow flamegraph -o page.md
that grep -qF '![' page.md
that grep -qF '](page-' page.md
that grep -q '<svg' page-*.svg
that grep -q 'main' page-*.svg
