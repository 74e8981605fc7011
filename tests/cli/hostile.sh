# SPDX-License-Identifier: MIT
# hostile: names from inputs never reach a terminal as control bytes, whatever prints them.
# shellcheck shell=sh

esc=$(printf '\033]0;owned\007\033[31m\r\nx')
bytes=$(printf '\377\200\302\233')
bidi=$(printf '\342\200\256')
name="run$esc$bytes$bidi"
file="in$esc$bidi.txt"
plain=$(printf 'a\033]0;x\007b\377\342\200\256c')

# No byte but printable ones, tabs not included, and newlines; valid UTF-8 without bidi or C1 controls.
clean() { # what
	for stream in out err; do
		if LC_ALL=C grep -aq "$(printf '[\001-\010\011\013-\037\177]')" ../$stream; then
			verdict fail "$1: a control byte in $stream"
			LC_ALL=C od -c ../$stream | grep -m 2 '033\|007\|\\r\|\\t' | sed 's/^/    /'
		elif ! iconv -f UTF-8 -t UTF-8 ../$stream >/dev/null 2>&1; then
			verdict fail "$1: invalid UTF-8 in $stream"
		elif grep -aqF "$bidi" ../$stream || LC_ALL=C grep -aqF "$(printf '\302\233')" ../$stream; then
			verdict fail "$1: U+202E or U+009B in $stream"
		else
			verdict pass
		fi
	done
}

printf '%s-thread;%s;%s_[k] 7\nother;[%s] 5\n' "$plain" "$plain" "$plain" "$plain" >"$file"
cp "$file" twin.txt
printf 'late;x 3\n' >>twin.txt
try callflow ingest --name "$name" --label "k$plain=v$plain" --time 2026-11-16 "$file"
clean "ingest"
is "$status" 0
try callflow ingest "$file"
clean "ingest of a known file"
try callflow ingest "nosuch$file"
clean "ingest of no file"
try callflow ingest twin.txt
# What importers already tame: the texts of the store itself, as a damaged or foreign one may have them.
sqlite3 callflow.db "
UPDATE str SET text = CAST(X'1b5d303b78070d0a621b5b33316dff80c29be280ae' AS TEXT) || id;
UPDATE module SET name = CAST(X'6d1b5b33316d0aff80c29be280ae' AS TEXT) || id WHERE name <> '';
UPDATE run SET name = CAST(X'721b5b33316d0aff80c29be280ae' AS TEXT) || id, command = CAST(X'1b5b41ff0a' AS TEXT),
	host = CAST(X'681b5d303b0aff07e280ae' AS TEXT), os = host, cpu = host, commit_id = CAST(X'1b0a07ff' AS TEXT);
UPDATE source SET path = CAST(X'2f1b5b33316d0aff80e280ae' AS TEXT);
UPDATE run_label SET key = CAST(X'6b1b5b0aff' AS TEXT), value = CAST(X'761b5b33316d0affe280ae' AS TEXT);
" || verdict fail "the store can't be changed"
func=$(printf '\033]0;x\007\r\nb\033[31m\377\200\302\233\342\200\256')
cat >report.md <<'EOF'
# {{run.name}} {{run.command}} {{run.host}} {{run.commit}}

```callflow
summary
show
top
tree
callers b
callees x
runs
```
EOF

all() { # description, command...
	try "$@"
	clean "$*"
}
all callflow
all callflow runs
all callflow --in "k$plain=v" runs
all callflow show 1
all callflow show "$name"
all callflow -v show 1
for by in function file module thread kind; do
	try callflow top 1 --by $by
	clean "top --by $by"
done
all callflow top 1 --focus "$plain"
all callflow tree 1
all callflow tree -n 0 1
for command in callers callees; do
	all callflow $command b 1
	all callflow $command "$plain" 1
	all callflow $command "${func}3" 1
done
all callflow summary 1
all callflow flamegraph -f text 1
all callflow architecture 1
for part in changes map entries hot-paths calls external reference; do
	try callflow architecture 1 --part $part
	clean "architecture --part $part"
done
all callflow architecture 1 --part "$plain"
all callflow timeline 1
all callflow timeline 1 --trace "$plain"
all callflow docs "$plain.md" 1
all callflow docs --check "$plain.md" 1
all callflow docs --base "$plain" "$plain.md" 1
all callflow report summary 1
all callflow report ./report.md 1
all callflow report "./$file" 1
all callflow report "no$plain" 1
all callflow report --set "$plain" summary 1
all callflow query
all callflow query "select * from functions"
all callflow query "select * from runs"
all callflow query "select text as 't$plain' from str"
all callflow query "select '$plain' frm"
all callflow edit 1 --name "$plain"
all callflow edit 1 --label "$plain"
all callflow edit 1 --label "k=$plain"
all callflow edit 1 --pin
all callflow delete 1
all callflow edit 1 --unpin
all callflow ingest "$file"
all callflow top "$plain"
all callflow top --"$plain"
all callflow "$plain"
all callflow top -o "$plain.xx"
all callflow top -f "$plain"
all callflow export --to "$plain"
all callflow --store "$plain.db" runs
all callflow --store "$plain.db" ingest twin.txt
all callflow delete 2
all callflow delete -y 2
is "$status" 0
all callflow formats

# A history of such names, with a change, a commit and a budget.
i=1
while [ $i -le 14 ]; do
	printf 'main;f %d\nmain;g 500\nday;%d 1\n' $((100 + i % 3 + i / 8 * 50)) $i >day.txt
	callflow -q --store history.db ingest --name h --commit "abcd$i" --time "2026-11-$((i + 10))" day.txt >/dev/null 2>&1
	i=$((i + 1))
done
sqlite3 history.db "
UPDATE str SET text = CAST(X'1b5d303b78070d0a621b5b33316dff80c29be280ae' AS TEXT) || id;
UPDATE run SET name = CAST(X'721b5b33316d0aff80c29be280ae' AS TEXT), commit_id = CAST(X'1b0a07ff' AS TEXT) || id;
" || verdict fail "the history can't be changed"
printf '%s\033[31m, *, 1, -\n' "$bidi" >budget
for format in text markdown github json junit sarif gitlab; do
	try callflow --store history.db regress --all --budget budget --fail-on known,unsure -f $format
	is "$status" 1
	# JSON says what is there, with controls escaped.
	case $format in json | sarif | gitlab) ;; *) clean "regress -f $format" ;; esac
done
try callflow --store history.db regress 1
clean "regress of too few"
