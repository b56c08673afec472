#!/usr/bin/env python3
"""Samples a benchmark and writes where its processor time goes to bench/results/profiles, for limits.json to name.

    profile.py PROFILE [ARGS of kontor_bench NAME]      ./dev bench profile append-64 append --only 64x1 --seconds 5

PROFILE is the name of the file; without ARGS it is also the name of the benchmark. Samples by time, so it needs no counters
of the processor: a machine without them (a virtual one) is as good. Needs perf (package linux-perf).
"""

import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "release" / "bin" / "kontor_bench"
PROFILES = ROOT / "bench" / "results" / "profiles"
SAMPLES_A_SECOND = 999
SHARE_MIN = 0.5


def output_of(command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def shares(data, by):
    """Lines of perf's report, those under SHARE_MIN left out."""
    text = output_of(["perf", "report", "-i", data, "--stdio", "--no-children", "--sort", by, "--percent-limit", str(SHARE_MIN)])
    lines = [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [re.sub(r"\(.*", "", line.replace("(anonymous namespace)::", ""))[:150].rstrip() for line in lines]


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 2
    if shutil.which("perf") is None:
        print("perf is not installed (package linux-perf)")
        return 2
    name, arguments = sys.argv[1], sys.argv[2:] or [sys.argv[1]]
    data = str(ROOT / "build" / "bench" / "perf.data")
    load = os.getloadavg()[0]
    apart = str(ROOT / "build" / "bench" / "profile")
    os.makedirs(apart, exist_ok=True)
    subprocess.run(["perf", "record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_A_SECOND), "-o", data, PROGRAM, *arguments,
                    "--directory", apart, "--results", apart], cwd=ROOT, check=True)
    commit = output_of(["git", "rev-parse", "--short=12", "HEAD"]).strip()
    said = [f"{name}: where the processor's time goes",
            f"kontor_bench {' '.join(arguments)} at commit {commit}, perf record -e cpu-clock -F {SAMPLES_A_SECOND}, "
            f"{datetime.date.today()}; load {load:.1f} before", "", "By thread:", *shares(data, "comm"), "",
            f"By thread and function, {SHARE_MIN} % and more:", *shares(data, "comm,symbol")]
    (PROFILES / f"{name}.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
    os.remove(data)
    print("\n".join(said[:40]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
