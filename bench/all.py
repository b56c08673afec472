#!/usr/bin/env python3
"""Runs every benchmark, one after the other, with its peers; then writes docs/performance.md.

    all.py [--quick] [NAME ...]

Takes about half an hour on two cores, and wants the machine for itself: append with its peers seven minutes, checkout four. A
benchmark that fails keeps its last result and makes the whole fail, after the others have run. `--quick` shows that all of
them work; what it finds goes to build/bench only.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release" / "bin"
PLANS = {
    "floor": ["--seconds", "2"],
    "append": ["--seconds", "8", "--peers"],
    "rehydrate": ["--seconds", "10", "--peers"],
    "checkout": ["--seconds", "20", "--peers"],
    "http": ["--seconds", "2"],
    "load": ["--seconds", "20"],
    "orders": ["--seconds", "10", "--peers"],
    "recovery": ["--peers"],
    "router": ["--seconds", "10", "--peers"],
    "router-scale": ["--seconds", "10"],
    "fanout": ["--seconds", "10", "--peers"],
    "queue": ["--seconds", "10"],
    "sqs": ["--seconds", "3", "--peers"],
    "import": [],
}
QUICK = {name: ["--seconds", "0.5", "--events", "200000"] for name in PLANS}


def program_of(name):
    if name in ("orders", "sqs"):
        return [sys.executable, ROOT / "bench" / (name + ".py")]
    return [PROGRAMS / "kontor_bench", name]


def run(name, command):
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=False)
    print(f"== {name}: {'done' if done.returncode == 0 else 'FAILED'} after {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*PLANS, "gate"]))
    options = parser.parse_args()
    load = os.getloadavg()[0]
    if load > 0.5 and not options.quick:
        print(f"The machine is busy already (load {load:.1f}): the results will say so.")
    results = ROOT / "build" / "bench" / "results" if options.quick else ROOT / "bench" / "results"
    failed = []
    for name, arguments in (QUICK if options.quick else PLANS).items():
        if options.names and name not in options.names:
            continue
        if not run(name, [*program_of(name), "--results", results, *arguments]):
            failed.append(name)
    if not options.names or "gate" in options.names:
        if not run("gate", [sys.executable, ROOT / "bench" / "gate" / "gate.py", PROGRAMS / "kontor_gate"]):
            failed.append("gate")
    if not options.quick:
        subprocess.run([sys.executable, ROOT / "bench" / "page.py"], check=True)
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall ran")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
