# SPDX-License-Identifier: MIT
# What README.md shows is what its reader sees: its commands one after the other, from the folder of the source.
# shellcheck shell=sh

mkdir -p tests/data
for name in demo callgrind otlp-json hyperfine compare traces; do
	cp -r "$CF_TOP/tests/data/$name" tests/data/
done
# A profile of callgrind has no time but its file's.
touch -d 2026-11-27T02:11:00Z tests/data/callgrind/*

# Each command into N.command, what is shown of it into N.shown; repositories and recordings of one's own aren't here.
awk '
	/^    \$ / {
		n++
		print substr($0, 7) > (n ".command")
		close(n ".command")
		shows = n ".shown"
		printf "" > shows
		next
	}
	/^    / && shows { print substr($0, 5) > shows; next }
	/^$/ && shows { print > shows; next }
	{ if (shows) close(shows); shows = "" }
	END { print n }
' "$CF_TOP/README.md" >commands
that test "$(cat commands)" -ge 15
for i in $(seq "$(cat commands)"); do
	case $(cat "$i.command") in *redis* | *nightly* | *"churn -n"* | *" ./perf.data") continue ;; esac
	COLUMNS=80 sh "$i.command" >"$i.got" 2>&1
	# "..." stands for any lines, to the next that is shown; blank lines at an end count for nothing.
	differs=$(awk '
		NR == FNR { shown[++n] = $0; next }
		{ got[++m] = $0 }
		END {
			while (n && shown[n] == "") n--
			while (m && got[m] == "") m--
			for (i = j = 1; i <= n; i++) {
				if (shown[i] == "...") {
					if (i == n) exit
					while (j <= m && got[j] != shown[i + 1]) j++
				} else if (j > m || got[j++] != shown[i]) {
					print "README has: " shown[i]
					print "it says:    " got[j - 1]
					exit
				}
			}
			if (j <= m) print "README lacks: " got[j]
		}
	' "$i.shown" "$i.got")
	if [ -z "$differs" ]; then verdict pass; else
		printf 'readme: %s\n%s\n' "$(cat "$i.command")" "$differs"
		verdict fail
	fi
done
that grep -q 'orders, 2026-11-23 23:59Z' report.html
that test -s ARCHITECTURE.md
