#!/usr/bin/env python3
"""Writes docs/performance.md and its plots from bench/results/*.json, bench/results/limits.json and bench/budgets.json, and
notes in bench/results/history.json what the results say of their commits.

    page.py [--check]

With --check nothing is written: exit code 1 says that page or plots are not what the results give. The figures themselves
are nobody's check.
"""

import argparse
import json
import pathlib
import sys

from plots import plots_of

BENCH = pathlib.Path(__file__).resolve().parent
RESULTS = BENCH / "results"
PAGE = BENCH.parent / "docs" / "performance.md"
PLOTS = PAGE.parent / "performance"
HISTORY = RESULTS / "history.json"
NAMES = ["orders", "http", "load", "router", "router-scale", "fanout", "queue", "sqs", "checkout", "append", "rehydrate", "recovery", "import", "floor"]

HEAD = """# Performance

This page is made from the files in [bench/results](../bench/results) by `./dev bench page`; do not edit it. `./dev bench all`
measures everything anew, in about half an hour, with the systems we compare with beside it.

Every figure is durable: an answer counts once its facts are written and synced. A figure is the median of its rounds, with
the interval that holds the true median in 95 of 100 cases (bootstrap, 10,000 resamples). A ratio to a peer of `append` and
`rehydrate` is the median of the ratios of eight pairs of neighbouring runs, in the sequence ours, theirs, theirs, ours; of the
others it says how it was made. Peers of the log that were meant to be there and have no harness yet: Pekko persistence, and
Python's `eventsourcing`. Where a goal depends on the disk,
the disk's own speed, the *floor*, was read in the same minutes; where floors differ by more than a quarter before and after
a benchmark, or rounds by more than a factor of two, a figure is called *noisy* and proves nothing. Goals that were missed
stand beside those that were met, each with a profile.
"""


def short(value):
    """Three digits that count."""
    if value >= 1e6:
        return f"{value / 1e6:.3g} M"
    if value >= 10_000:
        return f"{value / 1e3:.3g} k"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def with_unit(value, unit):
    return f"{short(value)} {unit}".strip() if unit != "/s" else f"{short(value)}/s"


def goal_of(figure):
    if "goal" not in figure:
        return ""
    sign = "≥" if figure["goal"]["is"] == "at least" else "≤"
    return f"{sign} {with_unit(figure['goal']['at'], figure['unit'])}"


def spread(figure):
    rows = figure["rows"]
    return f"{short(min(rows))} … {short(max(rows))}" if len(rows) > 1 else ""


def interval_of(figure):
    return f"{short(figure['interval'][0])} … {short(figure['interval'][1])}" if "interval" in figure else ""


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def verdict_of(figure):
    """Results of before rounds were looked at for scatter may still say met or missed."""
    rows = figure["rows"]
    is_scattered = len(rows) > 1 and max(rows) > 2 * min(rows)
    return "noisy" if is_scattered and figure["verdict"] in ("met", "missed") else figure["verdict"]


def limit_of(limits, benchmark, figure):
    for limit in limits:
        if limit["benchmark"] == benchmark and limit["figure"] == figure["name"]:
            return limit
    return None


def warning(results):
    """Our own threads keep a machine's cores busy, others' must not: beyond twice the cores somebody else was at work."""
    busy = [result for result in results if result["load_average"]["before"] > 2 * result["machine"]["cores"]]
    if busy:
        most = max(result["load_average"]["before"] for result in busy)
        yield (f"\n**Taken beside other work** ({', '.join(result['benchmark'] for result in busy)}: load up to {most:.1f} on "
               f"{busy[0]['machine']['cores']} cores). No verdict on these stands, met or missed, until they are taken anew on a "
               "quiet machine.\n")


def summary(results, limits):
    yield "\n## Goals\n\n| what | goal | measured | verdict |\n|---|---|---|---|\n"
    for result in results:
        for figure in result["figures"]:
            if "goal" in figure:
                verdict = verdict_of(figure)
                if verdict in ("missed", "noisy") and limit_of(limits, result["benchmark"], figure):
                    verdict += ", [what limits us](#what-limits-us)"
                elif verdict == "missed":
                    verdict += ", not yet profiled"
                yield (f"| {result['benchmark']}: {figure['name']} | {goal_of(figure)} "
                       f"| {with_unit(figure['median'], figure['unit'])} | {verdict} |\n")


def why(results, limits):
    missed = [(result["benchmark"], figure) for result in results for figure in result["figures"]
              if verdict_of(figure) in ("missed", "noisy")]
    known = [(name, figure, limit_of(limits, name, figure)) for name, figure in missed]
    if not any(limit for _, _, limit in known):
        return
    yield "\n## What limits us\n\n"
    for name, figure, limit in known:
        if limit:
            profile = f" ([profile](../bench/results/profiles/{limit['profile']}))" if limit.get("profile") else ""
            yield f"- **{name}: {figure['name']}.** {limit['why']}{profile}\n"


def details(result):
    yield f"\n## {result['benchmark']}\n\n{result['workload'][0].upper()}{result['workload'][1:]}.\n\n"
    yield "| figure | median | interval | rounds | of the floor |\n|---|---|---|---|---|\n"
    for figure in result["figures"]:
        share = f"{100 * figure['of_floor']['ratio']:.0f} % of {figure['of_floor']['floor']}" if "of_floor" in figure else ""
        yield (f"| {figure['name']} | {with_unit(figure['median'], figure['unit'])} | {interval_of(figure)} "
               f"| {spread(figure)} | {share} |\n")
    for floor in result["floors"]:
        yield (f"| *floor* {floor['name']} | {with_unit(floor['before'], floor['unit'])} "
               f"| | after: {with_unit(floor['after'], floor['unit'])} | |\n")
    yield from parity(result)
    if result["notes"]:
        yield "\n" + "".join(f"- {note}\n" for note in result["notes"])
    machine, load = result["machine"], result["load_average"]
    dirty = ", with changes" if machine["dirty"] else ""
    noisy = " The run was noisy." if result["noisy"] else ""
    yield (f"\n*{machine['at'][:16].replace('T', ' ')} UTC, commit {machine['commit']}{dirty}, {machine['compiler']}, {machine['cores']} "
           f"cores of {machine['processor']}, Linux {machine['kernel']}, {machine['file_system']}; load {load['before']:.1f} before, "
           f"{load['after']:.1f} after.{noisy}*\n")


def parity(result):
    if not result.get("parity"):
        return
    yield ("\nWho answers when, and what it does to the disk for one answer, counted by strace on short runs of their own "
           "(strace slows them down, so fewer may share a sync than at full speed):\n\n"
           "| system, run as | in flight | syncs an answer | bytes an answer | answers when | a power cut after it |\n"
           "|---|---|---|---|---|---|\n")
    for row in result["parity"]:
        yield (f"| {row['system']}: {row['run_as']} | {row['in_flight']} | {row['syncs']:.3f} | {short(row['bytes'])} "
               f"| {row['acknowledged_when']} | {row['power_cut']} |\n")


def instructions():
    budgets = read(BENCH / "budgets.json")
    yield ("\n## Instructions\n\nCounted by callgrind, the same on every run; a change that costs more than a tenth over this, or one "
           f"more allocation, does not pass `./dev bench gate`. {budgets['machine']['built_with']}; {budgets['machine']['valgrind']}.\n\n"
           "| scenario | instructions an operation | allocations in all | writes to the disk in all | streams the desk loads in all |\n"
           "|---|---|---|---|---|\n")
    for name, budget in budgets["scenarios"].items():
        yield (f"| {name.replace('_', ' ')} | {budget['instructions']:,.0f} | {budget['allocations']:,} "
               f"| {budget['disk_writes']:,} | {budget['desk_reads']:,} |\n")


def history_with(results, known):
    """What is known of earlier commits, and of these: one entry a benchmark and commit, the medians of figures with a goal."""
    entries = {(entry["benchmark"], entry["commit"]): entry for entry in known}
    for result in results:
        if result["machine"]["dirty"]:
            continue
        goals = {figure["name"]: [figure["median"], figure["goal"]["at"], figure["goal"]["is"]] for figure in result["figures"]
                 if "goal" in figure}
        entry = {"at": result["machine"]["at"], "benchmark": result["benchmark"], "commit": result["machine"]["commit"],
                 "figures": goals}
        if goals:
            entries[(entry["benchmark"], entry["commit"])] = entry
    return sorted(entries.values(), key=lambda entry: (entry["at"], entry["benchmark"]))


def plots(drawn):
    for plot in drawn:
        yield f"\n![{plot.title}](performance/{plot.name}.svg)\n\n*{plot.title}.*\n"


def page(results, drawn):
    limits = read(RESULTS / "limits.json") if (RESULTS / "limits.json").exists() else []
    parts = [HEAD, *warning(results), *summary(results, limits), *plots(drawn), *why(results, limits)]
    for result in results:
        parts += details(result)
    return "".join([*parts, *instructions()])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    results = [read(RESULTS / f"{name}.json") for name in NAMES if (RESULTS / f"{name}.json").exists()]
    history = read(HISTORY) if HISTORY.exists() else []
    if not options.check:
        history = history_with(results, history)
        HISTORY.write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
    drawn = plots_of(results, history)
    text = page(results, drawn)
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
        PLOTS.mkdir(exist_ok=True)
        return 0 if all([plot.draw(PLOTS) for plot in drawn]) else 1
    old = [plot.name for plot in drawn if not plot.is_drawn(PLOTS)]
    lacking = sorted({limit["profile"] for limit in read(RESULTS / "limits.json")
                      if not (RESULTS / "profiles" / limit["profile"]).exists()})
    if lacking:
        print(f"bench/results/limits.json names profiles that are not there: {', '.join(lacking)}")
        return 1
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text and not old:
        return 0
    print(f"docs/performance.md or its plots are not what bench/results give ({old}): ./dev bench page")
    return 1


if __name__ == "__main__":
    sys.exit(main())
