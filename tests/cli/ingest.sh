# SPDX-License-Identifier: MIT
# ingest: names, labels, what is known, what fails, several files.
# shellcheck shell=sh

stacks
status 0 callflow ingest one.txt
has out "run  name"
has out "one"
has err "one.txt: warning: start taken from file time (~); --time sets it"
has err "next: callflow top"

# The same again: nothing to do; with flags they are updated; --again re-reads in place.
status 0 callflow ingest one.txt
has err "one.txt: known as run 1, nothing to do"
hasnt err "next:"
status 0 callflow ingest --name nightly --label host=web1 --time 2026-11-20T01:02Z one.txt
has err "known as run 1, its settings were updated"
status 0 callflow ingest --again one.txt
has err "re-read in place as run 1"
status 0 callflow runs -f csv
has out "1,nightly,2026-11-20 01:02Z,42,0,"
is "$(wc -l <../out)" 2

# Copies under another name are known, too.
cp one.txt copy.txt
status 0 callflow ingest copy.txt
has err "copy.txt: known as run 1"

status 0 callflow ingest -f json two.txt
same out <<'EOF'
[{"run":2,"name":"two","format":"collapsed","samples":50,"lost":0,"warnings":1}]
EOF

# Several files: one failure doesn't stop the rest.
printf '\001\002\003\004' >junk.bin
printf 'a;b 1\n' >three.txt
status 3 callflow ingest two.txt junk.bin three.txt missing.txt
is "$(tail -n 1 ../err)" "1 ingested, 1 known, 2 failed"
has err "junk.bin: error: "
has err "missing.txt: error: "
has out "three"
status 0 callflow query -f csv "SELECT count(*) AS n FROM v_run"
same out <<'EOF'
n
3
EOF

# Standard input, directories.
printf 'x;y 7\n' | callflow ingest --name piped - >../out 2>../err
is $? 0
has out "piped"
mkdir dir
status 3 callflow ingest dir
has err "callflow ingest dir/*"
mkdir -p repo/.git
status 3 callflow ingest repo
has err "repo: error: cannot read the repository: it has no objects"
mkdir rec
touch rec/data.0
status 3 callflow ingest rec
has err "directory format"

# Settings that can't be.
status 2 callflow ingest --label nonsense one.txt
has err "expected KEY=VALUE"
status 2 callflow ingest --name 7 one.txt
status 2 callflow ingest --name 'a@b' one.txt
status 2 callflow ingest --time yesterday one.txt
status 3 callflow ingest --format perf three.txt
status 2 callflow ingest --format parf three.txt
has err "did you mean 'perf'?"

# The commit of the repository here, by its own files.
sha=0123456789abcdef0123456789abcdef01234567
mkdir -p work/.git/refs/heads
echo "ref: refs/heads/main" >work/.git/HEAD
echo $sha >work/.git/refs/heads/main
printf 'c;d 1\n' >work/four.txt
(cd work && callflow ingest --commit auto four.txt >../../out 2>../../err)
status 0 callflow query -f csv 'SELECT "commit" AS c FROM v_run ORDER BY run DESC LIMIT 1'
has out $sha
rm work/.git/refs/heads/main
printf '# pack-refs with: peeled\n%s refs/heads/other\n%s refs/heads/main\n' 89abcdef0123456789abcdef0123456789abcdef $sha >work/.git/packed-refs
printf 'c;d 2\n' >work/five.txt
(cd work && callflow ingest --commit main five.txt >../../out 2>../../err)
status 0 callflow top "c:${sha%???????????????????????????????}"
status 0 env GITHUB_SHA=feedfacefeedfacefeedfacefeedfacefeedface callflow ingest --commit auto work/five.txt
status 0 callflow top c:feedface
status 3 env --chdir=/ callflow --store "$PWD/callflow.db" ingest --commit auto "$PWD/work/five.txt"
status 2 callflow ingest --commit no-such-branch work/five.txt
