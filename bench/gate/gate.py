#!/usr/bin/env python3
"""Holds the instructions of each gate scenario, and what is counted exactly, against bench/budgets.json.

    gate.py PROGRAM [--accept] [--only SCENARIO]

Instructions are counted by callgrind, so the result depends on no clock and no neighbour: 3 % above the budget warns, 10 %
fails. Allocations, calls that change the disk, and streams that the desk loads must not grow at all. All tell when they fell
far below, so that the budget can follow. Where compiler, libraries or processor are not those of the budgets, figures are
shown and not judged.
Exit codes: 0 within the budgets, 1 not, 77 cannot be judged here. `--accept` writes what was counted as the new budgets.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BUDGETS = pathlib.Path(__file__).resolve().parent.parent / "budgets.json"
WARNS, FAILS = 1.03, 1.10
EXACT = ("allocations", "disk_writes", "desk_reads")
SKIPPED = 77


def output_of(command):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.strip()


def machine(program):
    """What a count depends on besides the code."""
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    level = "avx2" if re.search(r"^flags.*\bavx2\b", flags, re.M) else "baseline"
    return {"built_with": output_of([program, "--built-with"]), "valgrind": output_of(["valgrind", "--version"]),
            "processor": level}


def count(program, scenario, folder):
    out = folder / f"{scenario}.out"
    done = subprocess.run(["valgrind", "--tool=callgrind", "--collect-atstart=no", "--dump-instr=no",
                           "--toggle-collect=kontor::bench::measured*", f"--callgrind-out-file={out}", program, scenario],
                          capture_output=True, text=True, check=False, timeout=300)
    if done.returncode != 0:
        sys.exit(f"gate: {scenario} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    counted = json.loads(done.stdout)
    if counted["operations"] == 0:
        sys.exit(f"gate: {scenario} did not do what it should have")
    total = int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(encoding="utf-8"), re.M).group(1))
    if total == 0:
        sys.exit(f"gate: {scenario}: callgrind saw no call of kontor::bench::measured")
    return {"instructions": round(total / counted["operations"], 1), **{name: counted[name] for name in EXACT}}


def verdict(now, budget):
    if budget is None:
        return "no budget"
    ratio = now["instructions"] / budget["instructions"]
    grown = [name for name in EXACT if now[name] > budget.get(name, 0)]
    if grown or ratio > FAILS:
        return f"FAILED {' '.join(grown)}".rstrip()
    if ratio > WARNS:
        return "warning"
    fell = any(now[name] < budget.get(name, 0) for name in EXACT)
    return "accept the gain" if ratio < 1 / FAILS or fell else "ok"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--only")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("GATE NOT RUN: valgrind is not installed, so instructions cannot be counted (apt-get install valgrind)")
        return SKIPPED
    known = json.loads(BUDGETS.read_text(encoding="utf-8")) if BUDGETS.exists() else {"machine": {}, "scenarios": {}}
    here = machine(options.program)
    is_judge = here == known["machine"]
    print(f"{'scenario':<24}{'instructions':>14}{'budget':>12}{'ratio':>8}{'allocations':>13}{'budget':>9}")
    found, bad = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for scenario in output_of([options.program, "--list"]).split():
            if options.only and scenario != options.only:
                continue
            now = found[scenario] = count(options.program, scenario, pathlib.Path(folder))
            budget = known["scenarios"].get(scenario)
            said = verdict(now, budget)
            if said.startswith(("FAILED", "no budget")):
                bad.append(scenario)
            wanted = budget or {"instructions": float("nan"), "allocations": "-"}
            print(f"{scenario:<24}{now['instructions']:>14}{wanted['instructions']:>12}"
                  f"{now['instructions'] / wanted['instructions']:>8.3f}{now['allocations']:>13}{wanted['allocations']:>9}  {said}",
                  flush=True)
    if options.accept:
        kept = known["scenarios"] if options.only and is_judge else {}
        BUDGETS.write_text(json.dumps({"machine": here, "scenarios": {**kept, **found}}, indent=2) + "\n", encoding="utf-8")
        subprocess.run([sys.executable, BUDGETS.parent / "page.py"], check=True)
        print(f"accepted: {BUDGETS.name} and docs/performance.md now say so")
        return 0
    if not is_judge:
        print(f"GATE NOT JUDGED: the budgets were taken with {known['machine']}, this is {here}")
        return SKIPPED
    if bad:
        print(f"beyond the budget: {', '.join(bad)}. If the change is worth it: ./dev bench gate --accept, and commit both together")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
