#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares analyzers/stat with values that R, SciPy, benchstat and others computed, and with the marks that methods reached
on labelled data. tests/corpus/analyzers_stat.c computes; this reads, compares and counts.
"""
import calendar
import csv
import gzip
import itertools
import json
import math
import os
import subprocess
import sys
import time

REFS = os.path.join(os.environ.get("CF_SHARED", "../shared"), "refs")
ORACLE = os.path.join(os.environ.get("O", "build"), "tests/corpus/analyzers_stat")
NAN = float("nan")


class Numbers:
    """Asks the program; arguments are numbers and lists of numbers."""

    def __init__(self):
        self.process = subprocess.Popen([ORACLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def __call__(self, name, *arguments):
        words = [name]
        for argument in arguments:
            if isinstance(argument, (list, tuple)):
                words.append(str(len(argument)))
                words.extend(repr(x) for x in argument)
            else:
                words.append(repr(argument))
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("%s: no answer" % name)
        return [float(word) for word in line.split()]


ask = Numbers()


class Tally:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, 0, 0

    def check(self, good, *what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("analyzers_stat:", *what)

    def near(self, name, got, want, relative=1e-10, absolute=0.0):
        """want None: there is none, and got should be infinite or NaN."""
        if want is None:
            good = not math.isfinite(got)
        elif math.isnan(got) or math.isinf(got):
            good = got == want
        else:
            good = abs(got - want) <= max(relative * abs(want), absolute)
        self.check(good, "%s: %r, expected %r" % (name, got, want))


tally = Tally()
near, check = tally.near, tally.check


def load(path):
    with open(os.path.join(REFS, path), encoding="utf-8") as file:
        return json.load(file)


def table(path):
    with open(os.path.join(REFS, path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def distributions():
    """R 4.2.2, printed with 15 digits."""
    ref = load("stats_primitives/distributions.json")
    tiny = 1e-307  # below, doubles have fewer digits
    for row in ref["pnorm"]:
        # what the file calls upper is the lower tail for x > 0 and so on: p is P(X <= x), upper the rest
        lower, upper = ask("pnorm", row["x"])
        near("pnorm %s" % row["x"], lower, row["p"])
        near("pnorm upper %s" % row["x"], upper, row["upper"], 1e-10)
        near("pnorm log %s" % row["x"], math.log1p(-upper) if lower > 0.5 else math.log(lower), row["log"])
    for row in ref["qnorm"]:
        near("qnorm %s" % row["p"], ask("qnorm", row["p"])[0], row["x"])
    for row in ref["pt"]:
        lower, upper = ask("pt", row["t"], row["df"])
        near("pt %(t)s %(df)s" % row, lower, row["p"], absolute=tiny)
        near("pt upper %(t)s %(df)s" % row, upper, row["upper"], absolute=tiny)
    for row in ref["qt"]:
        near("qt %(p)s %(df)s" % row, ask("qt", row["p"], row["df"])[0], row["t"])
    for row in ref["pchisq"]:
        near("pchisq %(x)s %(df)s" % row, ask("pchisq", row["x"], row["df"])[1], row["upper"])
    for row in ref["pbinom"]:
        near("pbinom %(k)s %(n)s %(p)s" % row, ask("pbinom", row["k"], row["n"], row["p"])[0], row["cdf"])
    for row in ref["ppois"]:
        near("ppois %(k)s %(lambda)s" % row, ask("ppois", row["k"], row["lambda"])[0], row["cdf"])
    for row in ref["pbeta"]:
        near("pbeta %(x)s %(a)s %(b)s" % row, ask("pbeta", row["x"], row["a"], row["b"])[0], row["cdf"], absolute=tiny)
    quantile = ref["quantile"]
    for kind in (7, 8):
        got = ask("quantiles", quantile["x"], quantile["probs"], kind)
        for p, have, want in zip(quantile["probs"], got, quantile["type%d" % kind]):
            near("quantile type %d %s" % (kind, p), have, want)
    for name, have in zip(("mad", "iqr", "trimmed20"), ask("spread", quantile["x"])):
        near(name, have, quantile[name])


def two_samples():
    """SciPy and an exact enumeration; R for the intervals of the shift."""
    ref, from_r = load("regression/two_sample_expected.json"), load("regression/two_sample_expected_R.json")
    for name, row in ref.items():
        x, y = row["x"], row["y"]
        for side in "xy":
            estimate, lo, hi, lo_rank, hi_rank, coverage, needed = ask("median_interval", row[side])
            near("%s median %s" % (name, side), estimate, row["median_" + side])
            expected = row.get("median_ci_" + side)
            if expected:
                near("%s median low %s" % (name, side), lo, expected[0])
                near("%s median high %s" % (name, side), hi, expected[1])
                near("%s coverage %s" % (name, side), coverage, row["median_ci_cover_" + side])
                check([lo_rank + 1, hi_rank + 1] == row["median_ci_orders_" + side], name, "ranks", lo_rank, hi_rank)
            else:
                check(math.isinf(lo) and math.isinf(hi) and needed == 6, name, "has a median interval", lo, hi)
        u, p, cliff, exact, p_normal = ask("mann_whitney", x, y)
        near(name + " U", len(x) * len(y) - u, row["U_x"])
        near(name + " Mann-Whitney p", p, row["mwu_p_exact_tiecorrect" if exact else "mwu_p_asymp_cc"])
        check(bool(exact) == ("mwu_p_exact_tiecorrect" in row), name, "exact", exact)
        if "mwu_p_asymp_cc" in row:
            near(name + " normal p", p_normal, row["mwu_p_asymp_cc"])
        near(name + " Cliff's delta", cliff, row["cliffs_delta_y_gt_x"], absolute=1e-14)
        near(name + " A12", (cliff + 1) / 2, row["A12_y_gt_x"])
        shift, shift_lo, shift_hi = ask("hodges_lehmann", x, y)
        near(name + " Hodges-Lehmann", shift, row["hodges_lehmann_y_minus_x"])
        if row.get("welch_p") is not None:
            got = ask("welch", x, y)
            low, high = row["welch_ci95_mean_diff_y_minus_x"]
            expected = [-row["welch_t"], row["welch_df"], row["welch_p"], row["mean_y"] - row["mean_x"], low, high,
                        row["mean_y"] / row["mean_x"], *(row.get("fieller_ratio_ci95") or [NAN, NAN])]
            for what, have, want in zip(("t", "df", "p", "difference", "low", "high", "ratio", "ratio low", "ratio high"),
                                        got, expected):
                # SciPy's t quantile is good to 1e-9 only for a fractional df; R's intervals are compared below
                if want == want:
                    near("%s Welch %s" % (name, what), have, want, 1e-8 if "low" in what or "high" in what else 1e-10, 1e-14)
        if "boot_pct_ci95_rel_median_B200000" in row:
            _, low, high = ask("bootstrap", x, y)
            for have, want in zip((low, high), row["boot_pct_ci95_rel_median_B200000"]):
                near(name + " bootstrap", have, want, 0, row["boot_tolerance_abs"])
        if name in from_r:
            expected = from_r[name]
            near(name + " U of R", u, expected["W_y"])
            got = ask("welch", x, y)
            for have, want in zip((got[4], got[5]), expected["welch_ci"]):
                near(name + " Welch interval of R", have, want)
            if "continuity" in expected["method"]:
                # R solves for the ends by root finding, to about 1e-4
                near(name + " shift of R", shift, expected["hl"], 1e-4)
                near(name + " shift low of R", shift_lo, expected["hl_ci"][0], 1e-4, 1e-4)
                near(name + " shift high of R", shift_hi, expected["hl_ci"][1], 1e-4)
            else:
                near(name + " shift of R", shift, expected["hl"])
                near(name + " shift low of R", shift_lo, expected["hl_ci"][0])
                near(name + " shift high of R", shift_hi, expected["hl_ci"][1])


def count_pairs():
    """One function of two profiles: SciPy's binomial and beta distributions; R's poisson.test agrees."""
    for row in load("regression/profile_counts_expected.json"):
        k1, n1, k2, n2 = (row[key] for key in ("k1", "n1", "k2", "n2"))
        name = "%d/%d v %d/%d" % (k1, n1, k2, n2)
        central, midp, ratio, low, high = ask("count", k1, k2, n2 / n1)
        if "poisson_cond_central_p" in row:
            near(name + " central p", central, row["poisson_cond_central_p"])
            near(name + " mid-p", midp, row["poisson_cond_midp"])
            near(name + " ratio", ratio, row["rate_ratio"])
            near(name + " ratio low", low, row["rate_ratio_ci95"][0])
            near(name + " ratio high", high, row["rate_ratio_ci95"][1])
        got = ask("shares", k1, n1, k2, n2)
        expected = [*row["wilson1"], *row["wilson2"], row["share_diff"], *row["share_diff_ci95_newcombe"]]
        for have, want in zip([*got[1:3], *got[4:6], *got[6:9]], expected):
            near(name + " shares", have, want, absolute=1e-13)
    for row in load("regression/power_table.json"):
        near("samples for %s" % row["ratio"], ask("power_samples", row["ratio"])[0], row["samples_in_function_per_side"], 1e-8)


def many_tests():
    p = [float(row["p"]) for row in table("regression/fdr_input.tsv")]
    truth = [int(row["truth"]) for row in table("regression/fdr_input.tsv")]
    expected = table("regression/fdr_expected.tsv")
    rows = {row["_row"]: row for row in load("regression/fdr_counts.json")}
    for method, name in enumerate(("raw", "bh", "by", "holm", "bonf")):
        q = ask("adjust", method, p)
        if name != "raw":
            bad = [i for i, row in enumerate(expected) if abs(q[i] - float(row[name])) > 1e-10 * float(row[name])]
            check(not bad, name, "differs in", len(bad), "values")
        found = [truth[i] for i in range(len(q)) if q[i] <= 0.05]
        check([len(found), sum(found)] == [rows[name]["rejected"], rows[name]["true_pos"]], name, len(found), sum(found))


def trends():
    """R for published series; a program of its own for heap sizes (leaks/README.md)."""
    for name, row in load("changepoint/trend_tests_expected.json").items():
        s, variance, tau, z, p, _, _, _ = ask("mann_kendall", row["y"])
        for what, have, want in (("S", s, row["mk"]["S"]), ("variance", variance, row["mk"]["var"]), ("z", z, row["mk"]["z"]),
                                 ("p", p, row["mk"]["p"]), ("tau", tau, row["kendall_tau"])):
            near("%s Mann-Kendall %s" % (name, what), have, want)
        slope, low, high, _ = ask("theil_sen", [], row["y"])
        for have, want in ((slope, "slope"), (low, "lo"), (high, "hi")):
            near("%s Theil-Sen %s" % (name, want), have, row["theil_sen"][want])
    expected = load("leaks/expected.json")
    for name in ("grow0", "grow1"):
        time, heap = massif(name)
        check(len(heap) == expected[name]["snapshots"], name, "snapshots", len(heap))
        row = expected[name]["mk_raw"]
        got = ask("mann_kendall", heap)
        for at, what in ((0, "S"), (1, "varS"), (3, "z"), (4, "p"), (5, "hamed_rao_factor"), (6, "z_hr"), (7, "p_hr")):
            near("%s Mann-Kendall %s" % (name, what), got[at], row[what])
        row = expected[name]["theil_sen_raw_per_time"]
        for have, what in zip(ask("theil_sen", time, heap), ("slope", "lo95", "hi95", "intercept")):
            # SciPy rounds the ranks of the ends to the nearest, R and this outwards: at most a slope apart
            near("%s Theil-Sen %s" % (name, what), have, row[what], 1e-3 if what in ("lo95", "hi95") else 1e-10)


def massif(name):
    time, heap = [], []
    with open(os.path.join(REFS, "leaks/%s.massif" % name), encoding="utf-8") as file:
        for line in file:
            key, _, value = line.partition("=")
            if key == "time":
                time.append(int(value))
            elif key == "mem_heap_B":
                heap.append(int(value))
    return time, heap


def growing_heaps():
    """The mark to reach: every leak found, at most 2 in 60 of the others named."""
    found, false, leaks, others = 0, 0, 0, 0
    for row in load("leaks/synthetic_heap.json").values():
        grows = ask("growth", row["y"])[0] == 0
        leaks += row["leak"]
        others += 1 - row["leak"]
        found += grows and row["leak"]
        false += grows and not row["leak"]
    check(found == leaks and false <= others / 30, "growth: %d of %d found, %d of %d false" % (found, leaks, false, others))
    print("analyzers_stat: growth: %d of %d leaks found, %d of %d others named" % (found, leaks, false, others))


def history_series():
    """name -> values, change points (None where nobody labelled them)"""
    series = {name: (x, None) for name, x in load("changepoint/series.json").items()}
    for row in load("changepoint/synthetic_labelled.json"):
        series[row["id"]] = (row["x"], row["change_points"])
    for name, row in load("changepoint/tcpd_univariate.json").items():
        series["tcpd:" + name] = (row["x"], None)
    return series


def optimal_partitions():
    """R's exact segment neighbourhood: the best partition into k + 1 segments is also the best at some price."""
    series = load("changepoint/series.json")
    series["tigerbeetle_first200"] = series["tigerbeetle"][:200]
    for name, rows in load("changepoint/optimal_partition_expected.json").items():
        rss = [row["rss"] for row in rows]
        for k in range(1, len(rows) - 1):
            low = max((rss[k] - rss[j]) / (j - k) for j in range(k + 1, len(rows)))
            high = min((rss[i] - rss[k]) / (k - i) for i in range(k))
            if low < high:  # else k changes are the best choice at no price
                got = ask("partition", (low + high) / 2, 1, series[name])
                check(got == rows[k]["start0"], name, k, "changes", got, rows[k]["start0"])


def change_points():
    """The change points of an independent implementation of the same method, and the method's mark on labelled series."""
    series, found, false, missed = history_series(), 0, 0, 0
    for name, expected in load("changepoint/rpelt_reference_output.json")["change_points"].items():
        x, labels = series[name]
        got = [int(index) for index in ask("changes", x)]
        check(got == expected, name, "changes at", got, "expected", expected)
        check(ask("regress", x) == ask("changes", x), name, "regress finds others")
        if labels is None:
            continue
        left = list(labels)
        for index in got:
            near_by = [label for label in left if abs(label - index) <= 3]
            if near_by:
                left.remove(near_by[0])
                found += 1
            else:
                false += 1
        missed += len(left)
    f1 = 2 * found / (2 * found + false + missed)
    check(f1 >= 0.975, "change points: F1", f1)
    print("analyzers_stat: change points: %d found, %d false, %d missed, F1 %.3f" % (found, false, missed, f1))


def benchmarks(name):
    values = {}
    with open(os.path.join(REFS, "regression/benchstat", name), encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words and words[0].startswith("Benchmark"):
                values.setdefault(words[0][len("Benchmark"):], []).append(float(words[2]))
    return values


def percent(median, low, high):
    """How benchstat shows an interval: the larger of its two sides."""
    return "\u221e" if math.isinf(low) else "%.0f%%" % (100 * max(high - median, median - low) / median)


def benchstat():
    """The CSV output of the real benchstat: medians, their intervals, whether there is a difference, and p."""
    old, new = benchmarks("old.txt"), benchmarks("new.txt")
    with open(os.path.join(REFS, "regression/benchstat/benchstat_expected.csv"), encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 7]
    logs, compared = [], 0
    for row in rows:
        name = row[0]
        if name == "geomean":
            for column, values in ((1, [x for x, _ in logs]), (3, [y for _, y in logs])):
                near("geomean", math.exp(sum(values) / len(values)) * 1e-9, float(row[column]))
        if name not in old:
            continue
        compared += 1
        x, y = old[name], new[name]
        p, outcome, _, _, x_median, x_low, x_high, y_median, y_low, y_high = ask("repeats", x, y)[:10]
        logs.append((math.log(x_median), math.log(y_median)))
        near(name + " before", x_median * 1e-9, float(row[1]))
        near(name + " after", y_median * 1e-9, float(row[3]))
        found = p <= 0.05 and x_median != y_median
        counts = "n=%d" % len(x) if len(x) == len(y) else "n=%d+%d" % (len(x), len(y))
        got = [percent(x_median, x_low, x_high), percent(y_median, y_low, y_high),
               "%+.2f%%" % (100 * (y_median / x_median - 1)) if found else "~", "p=%.3f %s" % (p, counts)]
        check(got == [row[2], *row[4:]], name, got, "expected", row)
        # one to three values a side can't show anything; a found difference is one here too unless it is under 2 %
        unsure = outcome == 7
        check(unsure == (min(len(x), len(y)) < 4), name, "outcome", outcome)
    check(compared == len(old) == 12, "benchstat: %d sets compared" % compared)


CHANGED = (0, 1, 2, 3)  # more, less, new, gone


def changed(before, after):
    """Functions that differ between two lists of runs, each a list of counts."""
    functions = len(before[0])
    got = ask("counts", 0, functions, [k for run in before for k in run], [k for run in after for k in run])
    return {i for i in range(functions) if got[4 + 4 * i] in CHANGED}


def profile_values(base, new, functions):
    """p- and q-values of the same profiles by SciPy: all runs of a side together, and the first pair alone."""
    expected = load("regression/profiles_16x2_expected.json")
    totals = [sum(int(row["total"]) for row in table("regression/profiles_16x2.tsv") if row["version"] == v) for v in "01"]
    scale = totals[1] / totals[0]
    for row in expected["pooled"]:
        at = functions.index(row["fn"])
        before, after = ([run[at] for run in runs] for runs in (base, new))
        got = [ask("count", sum(before), sum(after), 1)[1], ask("count", sum(before), sum(after), scale)[1],
               ask("welch", before, after)[2], ask("mann_whitney", before, after)[4]]
        for have, what in zip(got, ("p_abs_midp", "p_share_midp", "welch_runs_p", "mwu_runs_p")):
            near("pooled %s %s" % (row["fn"], what), have, row[what], 1e-9)
    for what in ("abs", "share"):
        q = ask("adjust", 1, [row["p_%s_midp" % what] for row in expected["pooled"]])
        for row, have in zip(expected["pooled"], q):
            near("pooled %s q_%s" % (row["fn"], what), have, row["q_" + what])
    for row in expected["single_pair"]:
        have = ask("count", row["k1"], row["k2"], row["n2"] / row["n1"])[1]
        near("pair %s" % row["fn"], have, row["p_share_midp"], 1e-9)
    for row, have in zip(expected["single_pair"], ask("adjust", 1, [row["p_share_midp"] for row in expected["single_pair"]])):
        near("pair %s q" % row["fn"], have, row["q"])


def profiles():
    """Real profiles: 16 of one program, 16 after six functions were changed."""
    rows = table("regression/profiles_16x2.tsv")
    functions = [key for key in rows[0] if key.startswith("fn_")]
    base, new = ([[int(row[f]) for f in functions] for row in rows if row["version"] == version] for version in "01")
    truth = {functions.index(f) for f in load("regression/profiles_16x2_expected.json")["true_changes"]}
    marks = {1: (0.93, 0), 4: (0.97, 0.93), 8: (1, 1)}
    for size, (precision, recall) in marks.items():
        befores = [base[i : i + size] for i in range(0, len(base), size)]
        afters = [new[i : i + size] for i in range(0, len(new), size)]
        false = [bool(changed(*pair)) for sets in (befores, afters) for pair in itertools.combinations(sets, 2)]
        found = [changed(before, after) for before in befores for after in afters]
        right = sum(len(f & truth) for f in found)
        named = sum(len(f) for f in found)
        got = right / named, right / (len(found) * len(truth))
        print("analyzers_stat: %d profiles a side: %d of %d pairs without a change have a false alarm, precision %.3f, recall %.3f"
              % (size, sum(false), len(false), *got))
        check(sum(false) <= 0.05 * len(false), size, "profiles: false alarms", sum(false), "of", len(false))
        check(got[0] >= precision and got[1] >= recall, size, "profiles: precision, recall", got)
    profile_values(base, new, functions)
    for a, b in ((base[0], new[0]), (base[3], base[7])):
        there, back = (ask("counts", 0, len(a), x, y) for x, y in ((a, b), (b, a)))
        near("scale of swapped sides", there[2] * back[2], 1, 1e-12)
        for i in range(len(a)):
            near("p of swapped sides", there[4 + 4 * i + 1], back[4 + 4 * i + 1], 1e-9)
        check(not changed([a], [a]), "a run differs from itself")


def sigmoid(position):
    return -1.0 if position > 3 else 2 / (1 + math.exp(5 * position)) - 1


def nab_weights(n, windows):
    """What an alarm at each value counts, by the rules in anomaly/README.md: (weight, window or None)."""
    out, behind = [], None
    for i in range(n):
        inside = [w for w in windows if w[0] <= i <= w[1]]
        if inside:
            first, last = inside[0]
            out.append((sigmoid((i - last - 1) / (last - first + 1)) / sigmoid(-1), inside[0]))
            behind = inside[0]
        else:
            weight = sigmoid((i - behind[1]) / (behind[1] - behind[0])) if behind else -1.0
            out.append((0.11 * weight, None))
    return out


def nab_score(points, windows):
    """points: (score, weight, window); the best normalised score over all thresholds."""
    best, false, top = dict.fromkeys(windows, -1.0), 0.0, -float(len(windows))
    points = sorted(points, key=lambda point: -point[0])
    for _, group in itertools.groupby(points, key=lambda point: point[0]):
        for _, weight, window in group:
            if window is None:
                false += weight
            else:
                best[window] = max(best[window], weight)
        top = max(top, sum(best.values()) + false)
    return 100 * (top + len(windows)) / (2 * len(windows))


def anomalies():
    """The server metrics of the Numenta Anomaly Benchmark."""
    series = {}
    with gzip.open(os.path.join(REFS, "anomaly/nab_aws_subset.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            series.setdefault(row["file"], []).append((int(row["epoch"]), float(row["value"])))
    points, names = [], []
    for name, labels in load("anomaly/nab_aws_windows.json").items():
        at = [epoch for epoch, _ in series[name]]
        limits = [[calendar.timegm(time.strptime(end.split(".")[0], "%Y-%m-%d %H:%M:%S")) for end in pair] for pair in labels]
        windows = [(at.index(first), at.index(last)) for first, last in limits]
        scores = ask("anomaly_scores", [value for _, value in series[name]])
        names.extend((name, window) for window in windows)
        unscored = min(int(0.15 * len(at)), 750)
        for i, (weight, window) in enumerate(nab_weights(len(at), windows)):
            if i >= unscored:
                points.append((scores[i], weight, window and (name, window)))
    score = nab_score(points, names)
    check(score >= 68.1, "anomalies: score", score)
    print("analyzers_stat: anomalies: score %.1f (68.1 is the mark)" % score)


PARTS = (distributions, two_samples, benchstat, count_pairs, many_tests, profiles, trends, growing_heaps,
         optimal_partitions, change_points, anomalies)


def main():
    if not os.path.isdir(REFS):
        tally.skipped += 1
        print("analyzers_stat: skipped, no references in", REFS)
    else:
        for part in PARTS:
            part()
    print("analyzers_stat: %d passed, %d failed, %d skipped" % (tally.passed, tally.failed, tally.skipped))
    return tally.failed != 0


if __name__ == "__main__":
    sys.exit(main())
