# SPDX-License-Identifier: MIT
# store: which one is used, and what happens without one.
# shellcheck shell=sh

stacks
status 0 callflow
has out "no store yet; looked at"
has out "start with: callflow ingest perf.data"
that test ! -e callflow.db
status 3 callflow top
has err "error: no store; looked at"
has err "start with: callflow ingest perf.data"
status 3 callflow --store nowhere.db runs
has err "nowhere.db"

# What can only be a file is missed as one, with a store or without.
status 3 callflow top ./nosuch.data
same err <<'EOF'
callflow: ./nosuch.data: error: can't open: No such file or directory
EOF

# A file as RUN, without a store: read into memory, nothing stays behind.
status 0 callflow top one.txt
has out "price"
has err "one.txt is read into memory"
that test ! -e callflow.db

status 0 callflow ingest one.txt
has err "callflow: created store ./callflow.db"
is "$(stat -c %a callflow.db)" 600
status 0 callflow
has out "1 run; the last one ingested:"
has out "run 1  one  2026-11-16 06:02~"

# Found from a folder below; not from one outside.
mkdir -p deep/er
(cd deep/er && callflow runs >../../../out 2>../../../err)
has out "one"
status 3 env --chdir=/ callflow runs

# --store before or after the command, $CALLFLOW_STORE.
status 0 callflow --store other.db ingest two.txt
status 0 callflow runs --store other.db
has out "two"
hasnt out "one"
status 0 env CALLFLOW_STORE=other.db callflow runs
has out "two"
status 0 callflow -q --store=other.db runs
has out "two"

# With a store, a file as RUN is ingested first.
status 0 callflow top two.txt
has err "two.txt: ingested as run 2"
status 0 callflow top ./two.txt
hasnt err "ingested"
status 0 callflow runs
has out "two"
status 3 callflow top ./nosuch.data
same err <<'EOF'
callflow: ./nosuch.data: error: can't open: No such file or directory
EOF

status 0 callflow query "select 1 from v_run where name = 'one'"
sqlite3 callflow.db "UPDATE run SET name = 'bench/one' WHERE name = 'one'"
status 0 callflow top bench/one

# What isn't ours is left alone.
echo "not a database, but long enough to be read as the header of one: 16 bytes and more and more and more" >note.db
cp note.db copy.db
status 3 callflow --store note.db runs
status 3 callflow --store note.db ingest one.txt
that cmp note.db copy.db
ln -s callflow.db link.db
status 3 callflow --store link.db ingest two.txt

# Reading writes nothing.
before=$(sha256sum callflow.db)
chmod 400 callflow.db
status 0 callflow top
status 0 callflow show
is "$(sha256sum callflow.db)" "$before"
that test ! -e callflow.db-journal
