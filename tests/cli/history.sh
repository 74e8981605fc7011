# SPDX-License-Identifier: MIT
# history: repositories: what is read of them, what is new the next time, what is refused.
# shellcheck shell=sh

command -v git >/dev/null || return 0
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org
clock=1600000000
at() { # a minute later than the last one
	clock=$((clock + 60))
	GIT_AUTHOR_DATE="$clock +0200" GIT_COMMITTER_DATE="$clock +0200"
	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
}
commit() { at && git add -A && git commit -q -m "$1"; }
query() { # SQL, then the rows as text that is expected
	status 0 callflow query -f csv "$1"
	is "$(tail -n +2 ../out)" "$2"
}

# ---- what is read ----

git init -q -b main tool
cd tool || return
printf 'int one(void)\n{\n\treturn 1;\n}\n\nint two(int a)\n{\n\tif (a && a > 1)\n\t\treturn 2;\n\treturn 0;\n}\n' >code.c
printf 'text\n' >notes.txt
printf 'a\0b' >picture
commit 'Begin

Co-authored-by: Cid <cid@example.org>
co-authored-by: dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>'
sed -i 's/return 2/return 22/; s/a > 1/a > 11/' code.c
GIT_AUTHOR_NAME='Ben' GIT_AUTHOR_EMAIL=ben@old.example.org commit 'Change two'
git mv notes.txt doc.txt
chmod +x code.c
commit 'Rename'
git checkout -q -b side HEAD~1
echo side >side.txt
commit 'Side'
git checkout -q main
at
git merge -q --no-ff -m 'Merge side' side
printf 'Ben Big <ben@example.org> <ben@old.example.org>\n' >.mailmap
printf '%s # formatting\n' "$(git rev-parse HEAD~1)" >.git-blame-ignore-revs
printf 'picture linguist-generated\ndoc.txt linguist-vendored\n' >.gitattributes
commit 'Rules'
cd .. || return

status 0 callflow ingest tool
has out " tool              6       1      8        2  2020-09-13   2020-09-13"
has err "next: callflow churn"
query "SELECT path, renamed_from, added_lines, deleted_lines, status, binary, generated, vendored FROM v_change
	WHERE path IN ('code.c', 'doc.txt', 'picture') ORDER BY path, status" "code.c,,11,0,A,0,0,0
code.c,,2,2,M,0,0,0
code.c,,0,0,M,0,0,0
doc.txt,notes.txt,0,0,R,0,0,1
picture,,,,A,1,1,0"
query "SELECT position, author, author_email, parents, ignored, subject FROM v_commit ORDER BY position" \
	"1,Ann,ann@example.org,0,0,Begin
2,Ben Big,ben@example.org,1,0,Change two
3,Ann,ann@example.org,1,1,Rename
4,Ann,ann@example.org,1,0,Side
5,Ann,ann@example.org,2,0,Merge side
6,Ann,ann@example.org,1,0,Rules"
query "SELECT coauthor, coauthor_email, bot FROM v_coauthor ORDER BY bot" "Cid,cid@example.org,0
dependabot[bot],49699333+dependabot[bot]@users.noreply.github.com,1"
query "SELECT time_utc, author_zone_minutes FROM v_commit WHERE position = 1" "2020-09-13T12:27:40Z,120"
query "SELECT new_mode FROM v_change WHERE path = 'code.c' ORDER BY new_mode DESC LIMIT 1" "100755"
query "SELECT path, lines, nonblank_lines, indentation, binary, language FROM v_repo_file WHERE path IN ('code.c', 'picture')" \
	"code.c,11,10,5,0,C
picture,0,0,0,1,"
if ctags --version 2>/dev/null | grep -q Universal; then
	query "SELECT function, first_line, last_line, complexity FROM v_repo_func ORDER BY first_line" "one,1,4,1
two,6,11,3"
	query "SELECT function, added_lines, deleted_lines FROM v_func_change ORDER BY function, added_lines" "one,4,0
two,2,2
two,6,0"
fi

# ---- the next time ----

status 0 callflow ingest tool
has err "tool: repository tool: nothing new (--again reads all of it)"
# same_as_fresh: the store is what a new one would be.
same_as_fresh() {
	rm -f fresh.db
	callflow -q --store fresh.db ingest "$@" >/dev/null
	callflow export --logical >grown.txt
	callflow --store fresh.db export --logical >fresh.txt
	that cmp grown.txt fresh.txt
}
(cd tool && echo more >>doc.txt && commit 'More' && sed -i 's/return 1/return 11/' code.c && commit 'One')
status 0 callflow ingest tool
has err "tool: repository tool: brought up to date"
query "SELECT count(*) FROM v_commit" 8
same_as_fresh tool
# A branch that was rewritten: what it left behind goes.
(cd tool && git reset -q --hard HEAD~2 && echo other >other.txt && commit 'Other')
status 0 callflow ingest tool
query "SELECT count(*) FROM v_commit" 7
query "SELECT count(*) FROM v_change WHERE path = 'doc.txt'" 1
same_as_fresh tool
(cd tool && git reset -q --hard HEAD~3)
status 0 callflow ingest tool
query "SELECT count(*) FROM v_commit" 3
same_as_fresh tool
(cd tool && git reset -q --hard ORIG_HEAD && printf 'Ann Other <ann@example.org>\n' >>.mailmap && commit 'Ann')
status 0 callflow ingest tool
query "SELECT DISTINCT author FROM v_commit WHERE author LIKE 'Ann%'" "Ann Other"
same_as_fresh tool

# Clones are the same repository; another one of that name isn't.
git clone -q tool elsewhere/tool
status 0 callflow ingest elsewhere/tool
has err "repository tool: nothing new"
(cd elsewhere/tool && echo x >x.txt && commit 'In the clone')
status 0 callflow ingest elsewhere/tool
has err "repository tool: brought up to date"
query "SELECT repo, commits FROM v_repo" "tool,9"
mkdir another
git init -q -b main another/tool
(cd another/tool && echo y >y && commit 'Another')
status 0 callflow ingest another/tool
query "SELECT repo, commits FROM v_repo ORDER BY repo" "tool,9
tool-2,1"
# A place that has another repository now.
rm -rf another/tool
git init -q -b main another/tool
(cd another/tool && echo z >z && commit 'Yet another')
status 0 callflow ingest --name third another/tool
query "SELECT repo FROM v_repo ORDER BY repo" "third
tool
tool-2"
status 2 callflow delete --repo third
has err "say --yes to delete"
status 0 callflow delete --yes --repo third
status 0 callflow delete --yes --repo tool-2
status 3 callflow delete --yes --repo toool
has err "did you mean 'tool'?"
status 0 callflow delete --yes --repo tool
callflow export --logical >../out
empty out

# ---- options ----

fresh() {
	rm -f callflow.db
	status 0 callflow -q ingest "$@"
}
(cd tool && git reset -q --hard HEAD)
fresh --merges first-parent tool
query "SELECT c.subject, h.path FROM v_change h JOIN v_commit c USING (repo, \"commit\") WHERE c.parents = 2" "Merge side,side.txt"
fresh --first-parent tool
query "SELECT count(*), sum(parents = 2) FROM v_commit" "7,1"
query "SELECT count(*) FROM v_change WHERE path = 'side.txt'" 1
fresh --path code.c --path .mailmap tool
query "SELECT DISTINCT path FROM v_change ORDER BY path" ".mailmap
code.c"
query "SELECT path FROM v_repo_file ORDER BY path" ".mailmap
code.c"
rm -f callflow.db
status 0 callflow ingest --path nosuch tool
has err "tool: warning: no commit changed what --path names"
fresh --exclude '*.txt' --exclude .git* tool
query "SELECT DISTINCT path FROM v_change ORDER BY path" ".mailmap
code.c
picture"
fresh --since "@$((1600000000 + 240))" tool
query "SELECT min(position), min(subject) FROM v_commit WHERE subject LIKE 'S%'" "1,Side"
fresh --revision side tool
query "SELECT group_concat(subject, ' ') FROM v_commit" "Begin Change two Side"
(cd tool && git tag -a -m 'A tag' v1 HEAD~2)
fresh --revision v1 tool
query "SELECT head = lower('$(git -C tool rev-parse 'v1^{commit}')') FROM v_repo" 1
printf 'Somebody Else <ann@example.org>\n' >people
fresh --mailmap people --verify --functions 0 tool
query "SELECT count(*) FROM v_commit WHERE author = 'Somebody Else'" 7
query "SELECT count(*) FROM v_func_change" 0
# Another limit is the same reading; another number of functions, and a name, are brought up to date.
status 0 callflow ingest --functions 0 --time-limit 99 --any-owner --mailmap people tool
has err "nothing new"
status 0 callflow ingest --functions 3 --name renamed tool
has err "repository renamed: brought up to date"
query "SELECT repo FROM v_repo" renamed
if ctags --version 2>/dev/null | grep -q Universal; then
	query "SELECT count(DISTINCT \"commit\") FROM v_func_change" 0
	status 0 callflow ingest --functions 7 tool
	query "SELECT count(DISTINCT \"commit\") FROM v_func_change" 2
fi
status 2 callflow ingest --revision nowhere tool
has err "no revision 'nowhere'"
fresh -f json tool
has out '"repository":"tool","format":"git","commits":8,"merges":1,"files":9,"authors":2,"head":"'
status 3 callflow top ./tool
has err "the history of a repository, not a run"

# Modules, and modes of old that git takes for those of today.
git init -q -b main modules
(
	cd modules || exit
	at
	blob=$(echo a | git hash-object -w --stdin) commit=$(git -C ../tool rev-parse HEAD)
	old=$(printf '100664 blob %s\tfile\n' "$blob" | git mktree) parent=
	parent=$(git commit-tree -m One "$old")
	for tree in "100644 blob $blob	file" "100644 blob $blob	file
160000 commit $commit	module"; do
		at
		parent=$(git commit-tree -m More -p "$parent" "$(echo "$tree" | git mktree --missing)")
	done
	git update-ref refs/heads/main "$parent"
)
fresh modules
query "SELECT path, status, submodule, added_lines, new_mode FROM v_change ORDER BY path" "file,A,0,1,100644
module,A,1,1,160000"
query "SELECT coauthor FROM v_coauthor" ""

# ---- other forms ----

(cd tool && git bundle create -q ../all.bundle --all)
fresh all.bundle
query "SELECT repo, commits, merges FROM v_repo" "all,8,1"
status 0 callflow ingest tool
has err "repository all: nothing new"
(cd tool && git bundle create -q ../part.bundle HEAD~1..HEAD)
status 3 callflow ingest part.bundle
has err "the bundle needs 1 commits that aren't in it"
head -c 300 all.bundle >cut.bundle
rm -f callflow.db
status 3 callflow ingest cut.bundle
has err "cut.bundle: error: cannot read the repository: "
git -C tool log --numstat >plain.log
git -C tool log --numstat --date=short --pretty=format:'--%h--%ad--%aN' >dashes.log
git -C tool log --numstat --date=short --pretty=format:'[%h] %aN %ad %s' >brackets.log
fresh plain.log dashes.log brackets.log
sums=$(awk -F'\t' 'NF == 3 { a += $1; d += $2; n++ } END { print a "," d "," n }' plain.log)
query "SELECT repo, sum(added_lines), sum(deleted_lines), count(*) FROM v_change GROUP BY repo" "brackets,$sums
dashes,$sums
plain,$sums"
query "SELECT repo, commits, authors FROM v_repo ORDER BY repo" "brackets,8,2
dashes,8,2
plain,8,2"
git clone -q --bare tool bare.git
fresh bare.git
query "SELECT repo, commits FROM v_repo" "bare,8"
git -C tool worktree add -q ../linked side
fresh linked
query "SELECT repo, commits FROM v_repo" "linked,3"
git clone -q --depth 2 "file://$PWD/tool" shallow
rm -f callflow.db
status 0 callflow ingest shallow
has err "commits whose parents aren't in the clone: what they changed isn't known (1); git fetch --unshallow"
query "SELECT count(*) FROM v_commit" 2
git -C shallow fetch -q --unshallow
status 0 callflow ingest shallow
query "SELECT count(*) FROM v_commit" 8
git -C tool config uploadpack.allowFilter true
git clone -q --filter=blob:none --no-checkout "file://$PWD/tool" partial 2>/dev/null
rm -f callflow.db
status 0 callflow ingest partial
has err "commits with files that aren't in this partial clone: lines aren't counted (7)"

# Without universal-ctags, or with one that dies: files are known, functions aren't.
mkdir -p none dies
printf '#!/bin/sh\nkill -9 $$\n' >dies/ctags
chmod +x dies/ctags
program=$(command -v callflow)
for path in none dies; do
	rm -f callflow.db
	status 0 env PATH="$PWD/$path" "$program" ingest tool
	query "SELECT count(*) FROM v_repo_func" 0
	query "SELECT sum(lines) > 0, count(complexity) FROM v_repo_file" "1,0"
	status 0 callflow churn --by functions
	has out "functions aren't known, so churn is per file"
done
status 0 callflow churn --by quality
has out "source files at the head whose functions aren't known"

# ---- hostile ones ----

refused() { # DIRECTORY MESSAGE
	status 3 callflow ingest "$1"
	has err "$1: error: "
	has err "$2"
	empty out
}
rm -f callflow.db
git clone -q tool config
cat >>config/.git/config <<END
[core]
	hooksPath = $PWD/config/.git/hooks
	worktree = /etc
	fsmonitor = touch $PWD/ran
	pager = touch $PWD/ran
	sshCommand = touch $PWD/ran
[include]
	path = /dev/zero
[diff "x"]
	textconv = touch $PWD/ran
	command = touch $PWD/ran
[filter "x"]
	smudge = touch $PWD/ran
	process = touch $PWD/ran
END
printf '* diff=x filter=x\n' >config/.git/info/attributes
for hook in post-checkout pre-commit post-index-change fsmonitor-watchman reference-transaction; do
	printf '#!/bin/sh\ntouch %s/ran\n' "$PWD" >config/.git/hooks/$hook
	chmod +x config/.git/hooks/$hook
done
# Nothing is found by where it is read, either.
printf '#!/bin/sh\ntouch %s/ran\n' "$PWD" >config/ctags
chmod +x config/ctags
(cd config && PATH=".:$PATH" callflow -q --store ../config.db ingest . >/dev/null)
status 0 callflow ingest config
that test ! -e ran
cp -r tool copy
rm copy/.git/HEAD
ln -s /etc/passwd copy/.git/HEAD
refused copy "its HEAD names no commit"
rm copy/.git/HEAD
mkfifo copy/.git/HEAD
refused copy "its HEAD names no commit"
rm copy/.git/HEAD
ln -s refs/heads/main copy/.git/HEAD
status 0 callflow ingest copy
mkdir leads
printf 'gitdir: %s\n' "$PWD/tool/.git" >leads/.git
refused leads "which doesn't name it back"
rm leads/.git
ln -s ../tool/.git leads/.git
refused leads ".git is a link out of it"
git clone -q --shared tool shared
rm -f callflow.db
refused shared "--alternates follows them"
status 0 callflow ingest --alternates shared
cp -r tool packs
git -C packs gc -q
mv packs/.git/objects/pack packs.outside
ln -s "$PWD/packs.outside" packs/.git/objects/pack
refused packs "its objects are a link out of it; --alternates follows it"
status 0 callflow ingest --alternates packs
rm packs/.git/objects/pack
mkdir packs/.git/objects/pack
mkfifo packs/.git/objects/pack/pack-1.idx
rm -f callflow.db
refused packs "pack/pack-1.idx in its folder of objects is no file"
# What is gone isn't what was left out of a clone: the history would be shorter, or have fewer lines, than it is.
rm -f callflow.db
for gone in "$(git -C tool rev-list --merges HEAD | head -1)^2" HEAD~1 HEAD:; do
	rm -rf gone
	git clone -q --no-hardlinks "file://$PWD/tool" gone
	cp gone/.git/objects/pack/*.pack gone.pack
	rm -f gone/.git/objects/pack/*
	git -C gone unpack-objects -q <gone.pack
	hash=$(git -C gone rev-parse "$gone")
	rm -f "gone/.git/objects/$(echo "$hash" | cut -c1-2)/$(echo "$hash" | cut -c3-)"
	refused gone "not in the repository"
	that test ! -e callflow.db
done
cp -r tool linked-ref
git -C linked-ref pack-refs --all
rm -f linked-ref/.git/packed-refs linked-ref/.git/refs/heads/main
ln -s /etc/passwd linked-ref/.git/refs/heads/main
refused linked-ref "its HEAD names no commit"
git init -q -b main unborn
refused unborn "it has no commits yet"
printf 'ref: refs/heads/main\n' >unborn/.git/refs/heads/main
refused unborn "its HEAD names no commit"
if git init -q -b main --object-format=sha256 sha256 2>/dev/null; then
	(cd sha256 && echo a >a && commit 'One')
	refused sha256 "SHA-256"
fi
# Damage: a loose object, a pack, its index.
rm -f callflow.db
git clone -q --no-hardlinks tool broken
object() { git -C broken rev-parse "$1" | sed 's|^..|broken/.git/objects/&/|'; }
test -d broken/.git/objects/pack && (cd broken && for o in .git/objects/pack/*.pack; do
	[ -f "$o" ] && mv "$o" ../old.pack && rm -f .git/objects/pack/* && git unpack-objects -q <../old.pack
done)
blob=$(object HEAD:code.c)
chmod u+w "$blob"
printf 'garbage' >"$blob"
refused broken "cannot read the repository: object $(git -C tool rev-parse HEAD:code.c): "
git clone -q --no-hardlinks tool torn
git -C torn gc -q
pack=$(ls torn/.git/objects/pack/*.pack)
chmod u+w "$pack"
head -c 200 "$pack" >cut && cat cut >"$pack"
refused torn "cannot read the repository: "
git clone -q --no-hardlinks tool index
git -C index gc -q
idx=$(ls index/.git/objects/pack/*.idx)
chmod u+w "$idx"
size=$(wc -c <"$idx")
{ head -c $((size / 2)) "$idx" && head -c $((size - size / 2)) /dev/zero | tr '\0' '\377'; } >cut && cat cut >"$idx"
refused index "cannot read the repository: "
# Names are data.
git init -q -b main names
(cd names && printf x >"$(printf 'new\nline')" && printf y >"$(printf 'lat\351in')" && printf z >'<b>&"' && commit "$(printf 'sub\033[31mject')")
status 0 callflow -q ingest names
query "SELECT hex(path) FROM v_repo_file WHERE repo = 'names' ORDER BY 1" "3C623E2622
6C6174E9696E
6E65770A6C696E65"
callflow query "SELECT * FROM v_commit WHERE repo = 'names'" >../out
hasnt out "$(printf '\033')"
# Folders that hold each other: ten thousand million paths in eleven objects.
git init -q -b main bomb
(
	cd bomb || exit
	at
	object=$(echo x | git hash-object -w --stdin) mode=100644 kind=blob
	for level in 1 2 3 4 5 6 7 8 9 10; do
		object=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '%s %s %s\td%s\n' $mode $kind "$object" $i; done | git mktree)
		mode=040000 kind=tree
	done
	git update-ref refs/heads/main "$(git commit-tree -m "level $level" "$object")"
)
status 0 callflow ingest bomb
has err "commits with more files or folders than are read of one (1); --path reads a part of them"
# The same without any file; and a folder that holds itself twice, under a name that isn't its content's.
git init -q -b main hollow
(
	cd hollow || exit
	at
	object=$(git mktree </dev/null)
	for level in 1 2 3 4 5 6 7 8 9 10; do
		object=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\td%s\n' "$object" $i; done | git mktree)
	done
	git update-ref refs/heads/main "$(git commit-tree -m "level $level" "$object")"
)
status 0 callflow ingest hollow
has err "commits with more files or folders than are read of one (1)"
# A commit and a folder that git wouldn't have made; dates that no calendar has; forty parents.
git init -q -b main odd
(
	cd odd || exit
	echo a >a && commit 'One'
	tree=$(git rev-parse 'HEAD^{tree}') parent=$(git rev-parse HEAD)
	parents=
	for i in $(seq 40); do parents="$parents -p $(git commit-tree -p "$parent" -m "c$i" "$tree")"; done
	# shellcheck disable=SC2086
	parent=$(git commit-tree $parents -m octopus "$tree")
	printf 'tree %s\nparent %s\nauthor A <a@x> 99999999999999999999999 +9999\ncommitter A <a@x> -5 -0000\n\nwhen\n' "$tree" "$parent" |
		git hash-object -t commit -w --stdin --literally >.git/refs/heads/main
)
status 0 callflow -q ingest odd
query "SELECT count(*), max(parents) FROM v_commit WHERE repo = 'odd'" "43,40"
printf 'tree %s\nnothing\n' "$(git -C odd rev-parse 'HEAD~1^{tree}')" | git -C odd hash-object -t commit -w --stdin --literally >odd/.git/refs/heads/main.new
mv odd/.git/refs/heads/main.new odd/.git/refs/heads/main
refused odd "is malformed"
# Somebody else's.
if [ "$(id -u)" = 0 ]; then
	cp -r tool foreign
	chown -R 65534 foreign
	refused foreign "it belongs to user 65534; --any-owner"
	status 0 callflow -q ingest --any-owner foreign
fi
