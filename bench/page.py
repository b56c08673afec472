#!/usr/bin/env python3
"""Writes docs/performance.md from bench/results/*.json, bench/results/limits.json and bench/budgets.json.

    page.py [--check]

With --check nothing is written: exit code 1 says that the page is not what the results give.
"""

import argparse
import json
import pathlib
import sys

BENCH = pathlib.Path(__file__).resolve().parent
RESULTS = BENCH / "results"
PAGE = BENCH.parent / "docs" / "performance.md"
NAMES = ["orders", "http", "load", "router", "router-scale", "checkout", "append", "rehydrate", "recovery", "import", "floor"]

HEAD = """# Performance

This page is made from the files in [bench/results](../bench/results) by `./dev bench page`; do not edit it. `./dev bench all`
measures everything anew, in about half an hour, with the systems we compare with beside it.

Every figure is durable: an answer counts once its facts are written and synced. A figure is the median of its rounds; a ratio to a peer is that of one pair of neighbouring runs. Where a
goal depends on the disk, the disk's own speed, the *floor*, was read in the same minutes; where floors differ by more than a
quarter before and after a benchmark, or rounds by more than a factor of two, a figure is called *noisy* and proves nothing. Goals that were missed stand beside
those that were met.
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
    yield "| figure | median | rounds | of the floor |\n|---|---|---|---|\n"
    for figure in result["figures"]:
        share = f"{100 * figure['of_floor']['ratio']:.0f} % of {figure['of_floor']['floor']}" if "of_floor" in figure else ""
        yield f"| {figure['name']} | {with_unit(figure['median'], figure['unit'])} | {spread(figure)} | {share} |\n"
    for floor in result["floors"]:
        yield (f"| *floor* {floor['name']} | {with_unit(floor['before'], floor['unit'])} "
               f"| after: {with_unit(floor['after'], floor['unit'])} | |\n")
    if result["notes"]:
        yield "\n" + "".join(f"- {note}\n" for note in result["notes"])
    machine, load = result["machine"], result["load_average"]
    dirty = ", with changes" if machine["dirty"] else ""
    noisy = " The run was noisy." if result["noisy"] else ""
    yield (f"\n*{machine['at'][:16].replace('T', ' ')} UTC, commit {machine['commit']}{dirty}, {machine['compiler']}, {machine['cores']} "
           f"cores of {machine['processor']}, Linux {machine['kernel']}, {machine['file_system']}; load {load['before']:.1f} before, "
           f"{load['after']:.1f} after.{noisy}*\n")


def instructions():
    budgets = read(BENCH / "budgets.json")
    yield ("\n## Instructions\n\nCounted by callgrind, the same on every run; a change that costs more than a tenth over this, or one "
           f"more allocation, does not pass `./dev bench gate`. {budgets['machine']['built_with']}; {budgets['machine']['valgrind']}.\n\n"
           "| scenario | instructions an operation | allocations in all |\n|---|---|---|\n")
    for name, budget in budgets["scenarios"].items():
        yield f"| {name.replace('_', ' ')} | {budget['instructions']:,.0f} | {budget['allocations']:,} |\n"


def page():
    results = [read(RESULTS / f"{name}.json") for name in NAMES if (RESULTS / f"{name}.json").exists()]
    limits = read(RESULTS / "limits.json") if (RESULTS / "limits.json").exists() else []
    parts = [HEAD, *warning(results), *summary(results, limits), *why(results, limits)]
    for result in results:
        parts += details(result)
    return "".join([*parts, *instructions()])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = page()
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/performance.md is not what bench/results give: ./dev bench page")
    return 1


if __name__ == "__main__":
    sys.exit(main())
