# SPDX-License-Identifier: MIT
# The history of a small repository: hotspots, who knows it, what changes together, one file, and what can be asked of it.
# shellcheck shell=sh

if ! command -v git >/dev/null; then
	echo "churn: skipped: there is no git"
	return 0
fi
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

# commit DATE AUTHOR FILE=LINES...: each file gets that many lines more.
commit() {
	export GIT_AUTHOR_DATE="$1T12:00:00+0100" GIT_COMMITTER_DATE="$1T12:00:00+0100"
	export GIT_AUTHOR_NAME="$2" GIT_AUTHOR_EMAIL="$2@example.org"
	export GIT_COMMITTER_NAME="$2" GIT_COMMITTER_EMAIL="$2@example.org"
	shift 2
	for change in "$@"; do
		file=${change%=*} lines=${change#*=}
		mkdir -p "shop/$(dirname "$file")"
		while [ "$lines" -gt 0 ]; do
			echo "int line_$lines;" >>"shop/$file"
			lines=$((lines - 1))
		done
	done
	git -C shop add -A && git -C shop commit -q -m "$*"
}

git init -q shop
commit 2024-01-05 Ann src/cart.c=40 src/cart.h=5 README=3
for day in 10 11 12 13 14 15; do commit 2024-02-$day Ann src/cart.c=2 src/cart.h=1; done
commit 2024-03-01 Bob src/cart.c=10 src/pay.c=30
commit 2024-03-02 Bob src/pay.c=1
commit 2024-03-03 'ci[bot]' docs/log.txt=1
(cd shop && git mv src/pay.c src/payment.c)
commit 2024-04-01 Zoe src/payment.c=1
status 0 callflow -q ingest shop

head=$(git -C shop rev-parse --short=7 HEAD)

# What to look at first: the newest commit is where history ends, whatever the clock says.
status 0 callflow churn -n 2
same out <<EOF
shop  11 commits, 6 files, 4 authors, all history to 2024-04-01  $head
hotspots: revisions x non-blank lines, 1.00 = first in both
 score  revs  12 months     lines  file
  1.00     8  ▁▁▁▁▁▁▁▁▂█▂▁     62  src/cart.c
  0.16     7  ▁▁▁▁▁▁▁▁▂█▁▁     11  src/cart.h
                                   1 more file (-n 0 shows all)
cpu %: not known; callflow ingest brings a profile in
truck factor 1 (bots left out: ci[bot])
1 pair of files changes together, most often src/cart.c with src/cart.h (7
commits, 93 %)
more: callflow churn --by coupling    callflow help churn
one file: callflow churn src/cart.c
EOF
status 0 env TZ=Asia/Tokyo LC_ALL=C callflow churn -n 2
has out "all history to 2024-04-01"

status 0 callflow churn --by coupling --by age --as-of 2024-05-01
same out <<EOF
shop  11 commits, 6 files, 4 authors, all history to 2024-05-01  $head
temporal coupling: what changes in the same commits
 degree %  mean revs  together  file        changes with
       93          8         7  src/cart.c  src/cart.h
degree: commits that change both, of the mean of the revisions of either; shown
from 5 commits and 30 % on; 0 bulk commits (> 30 files) left out
age: full months from the last change to 2024-05-01
 months  file
      1  docs/log.txt
      1  src/pay.c
      1  src/payment.c
      2  src/cart.c
      2  src/cart.h
      3  README
EOF

# A day has all of itself, at both ends.
status 0 callflow churn --by revisions --since 2024-02-15 --as-of 2024-03-01 -f csv
same out <<'EOF'
entity,n_revs
src/cart.c,2
src/cart.h,1
src/pay.c,1
EOF
status 3 callflow churn --since 2025-01-01
has err "no commit of shop is left by these settings"

# One file; its name may be the end of its path.
status 0 callflow churn cart.h
has out "shop  src/cart.h  7 revisions by 1 author, 2024-01-05 to 2024-02-15; 11 lines"
has out "2024-02     6        1      6        0"
has out "93         7         8  src/cart.c"
status 0 callflow churn src/payment.c
has out "was src/pay.c before it was renamed: --follow counts that history as its own"
has out "1 revision by 1 author, 2024-04-01 to 2024-04-01; 32 lines"
status 0 callflow churn --follow src/payment.c
has out "3 revisions by 2 authors, 2024-03-01 to 2024-04-01; 32"
status 0 callflow churn src --by summary -f csv
has out "number-of-entities,4"
status 3 callflow churn src/cartt.c
has err "no path 'src/cartt.c' in the history of shop; did you mean 'src/cart.c'?"

# Who is who, and which files are one part.
printf 'Anna <Ann@example.org>\n' >people
printf 'Anna,Checkout\nBob,Checkout\n' >teams
printf '# parts\nsrc/cart.* => Cart\nsrc/pay* => Payment\n' >parts
status 0 callflow churn --by main-dev --mailmap people -f csv src/cart.c
has out "src/cart.c,Anna,52,62,0.83870967741935"
status 0 callflow churn --by author-churn --mailmap people --team-map teams
has out "Checkout"
has out "Zoe"
hasnt out "Bob"
status 0 callflow churn --group parts --by revisions -f csv
same out <<'EOF'
entity,n_revs
Cart,8
Payment,3
EOF
status 0 callflow churn --group parts
has out "left out: 2 paths in no group"
has out "2 parts"
printf 'src/cart.c\n' >parts
status 2 callflow churn --group parts
has err "parts:1: error: 'src/cart.c': expected GLOB => NAME"
status 3 callflow churn --team-map nowhere

# Bots know nothing, unless they are asked.
status 0 callflow churn --by truck-factor --bots
has out "bots counted: ci[bot]"
status 0 callflow churn --exclude docs --exclude '*.h' --by revisions -f csv
hasnt out "docs"
hasnt out "cart.h"

status 2 callflow churn --by hotspot
has err "--by: no question 'hotspot'; did you mean 'hotspots'?"
status 2 callflow churn a b
has err "unexpected operand 'b'; usage: callflow churn [PATH]"

# All tables at once; JSON has the names that code-maat has.
status 0 callflow churn -f json
for table in summary revisions authors entity-churn abs-churn author-churn main-dev main-dev-by-revs entity-ownership \
	fragmentation coupling soc age communication hotspots truck-factor trend risk refactoring nagappan-ball; do
	has out "\"id\":\"$table\",\"columns\""
done
status 0 callflow churn -o churn.html
that grep -q 'What changes together' churn.html
status 0 callflow report churn -o report.html
that grep -q 'Who knows the code' report.html
status 0 callflow report churn -o again.html
that cmp report.html again.html
status 0 callflow
has out "1 repository: shop"

# A profile of it: what is changed and costs. Without debug information the only function of a name is meant.
printf 'int checkout(int n)\n{\n\treturn n;\n}\n' >>shop/src/cart.c
commit 2024-04-02 Ann src/cart.h=1
status 0 callflow -q ingest shop
printf 'main;checkout 75\nmain;other 25\n' >stacks.txt
status 0 callflow -q ingest --time 2024-05-01 stacks.txt
status 0 callflow churn --by cost
if command -v ctags >/dev/null; then
	has out "run 1  stacks"
	has out "     9   75.00  src/cart.c  Ann"
	has out "75.00 % of samples is in files of shop; 75.00 % has no file and was told by the"
else
	has out "nothing of run 1 stacks is in a file of shop"
fi
printf 'main;elsewhere 25\n' >other.txt
status 0 callflow -q ingest --time 2024-05-02 other.txt
status 0 callflow churn
has out "cpu %: nothing of run 2 other is in a file of shop"
status 3 callflow churn --run 9

# Several repositories: one has to be chosen. Names are names.
git init -q other
printf 'x\n' >"other/$(printf 'a\033[31m\nb')"
git -C other add -A && git -C other commit -q -m x
status 0 callflow -q ingest other
status 2 callflow churn
has err "several repositories in the store; choose with --repo: other, shop"
status 0 callflow churn --repo other --by revisions
has out 'a\x1b[31m\x0ab'
# A name that no terminal shows is given as it was shown.
status 0 callflow churn --repo other 'a\x1b[31m\x0ab'
has out '1 revision by 1 author'
status 3 callflow churn --repo oter
has err "did you mean 'other'?"

# What a repository says about itself: commits that only format, vendored and generated files; and commits of many files.
git init -q rules
(
	cd rules || exit
	printf 'lib/** linguist-vendored\ngen.c linguist-generated\n' >.gitattributes
	mkdir lib
	for i in $(seq 31); do echo "int x$i;" >"lib/f$i.c"; done
	echo 'int a;' >a.c
	echo 'int g;' >gen.c
	git add -A && git commit -q -m begin
	echo 'int b;' >>a.c
	git commit -q -a -m format
	git rev-parse HEAD >.git-blame-ignore-revs
	git add -A && git commit -q -m ignore
)
status 0 callflow -q ingest rules
status 0 callflow churn --repo rules
has out "rules  2 commits, 35 files, 1 author"
has out "left out: 1 commit of .git-blame-ignore-revs"
has out "0 pairs of files change together; 1 bulk commit (> 30 files) left out"
has out "generated and vendored: --no-generated leaves them out"
status 0 callflow churn --repo rules --ignored --no-generated --by revisions -f csv
same out <<'EOF'
entity,n_revs
a.c,2
.git-blame-ignore-revs,1
.gitattributes,1
EOF
status 0 callflow churn --repo rules -o rules.html a.c
that grep -q '<title>rules: a.c' rules.html

# A log has no files at the head: revisions, but no sizes.
git -C shop log --pretty=format:'[%h] %an %ad %s' --date=short --numstat >shop.log
status 0 callflow --store log.db -q ingest shop.log
status 0 callflow --store log.db churn
has out "12 commits"
has out "what is at the head isn't known, so there are no sizes"
status 0 callflow --store empty.db -q ingest stacks.txt
status 3 callflow --store empty.db churn
has err "no repository in the store; bring one in: callflow ingest DIRECTORY"
status 3 callflow --store none.db churn
has err "of a repository: callflow ingest DIRECTORY"
