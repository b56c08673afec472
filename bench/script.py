"""What benchmarks that are scripts have in common: their options, the machine they ran on, figures with their verdicts, a report."""

import argparse
import json
import mmap
import os
import pathlib
import shutil
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release" / "bin"
KONTOR = str(PROGRAMS / "kontor")
# All guests here come from one address, which may else have 100 connections.
GUESTS_OF_ONE_ADDRESS = {"KONTOR_LIMITS__CONNECTIONS_PER_ADDRESS": "10000"}


def figure(name, unit, rows, is_=None, at=None):
    made = {"name": name, "unit": unit, "median": statistics.median(rows), "rows": rows}
    if at is not None:
        met = made["median"] >= at if is_ == "at least" else made["median"] <= at
        made["goal"], made["verdict"] = {"at": at, "is": is_}, "met" if met else "missed"
    else:
        made["verdict"] = "no goal"
    return made


def wait_for_the_disk(directory, at_most=60):
    """Until synced writes of 4 KiB take their usual time: where a disk is rationed, what was written in the minutes before is
    paid for by whoever writes now. Gives their p99 in ms, the calmest half second of the wait."""
    calmest, began = None, time.monotonic()
    while calmest is None or (calmest > 1 and time.monotonic() < began + at_most):
        path = directory / "floor.probe"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_DIRECT | os.O_DSYNC, 0o600)
        block, took, until = mmap.mmap(-1, 4096), [], time.monotonic() + 0.5
        while time.monotonic() < until:
            before = time.monotonic()
            os.pwrite(file, block, 0)
            took.append((time.monotonic() - before) * 1e3)
        os.close(file)
        path.unlink()
        p99 = sorted(took)[len(took) * 99 // 100]
        calmest = min(calmest or p99, p99)
        if calmest > 1:
            time.sleep(2)
    return calmest


def fresh(directory, name):
    path = directory / name
    shutil.rmtree(path, ignore_errors=True)
    return str(path)


def machine(directory):
    """The disk's floor and what this machine is, from the benchmark that knows."""
    out = directory / "floor"
    subprocess.run([PROGRAMS / "kontor_bench", "floor", "--seconds", "0.5", "--results", out], check=True,
                   stdout=subprocess.DEVNULL)
    with open(out / "floor.json", encoding="utf-8") as file:
        found = json.load(file)
    return {"machine": found["machine"], "floors": found["floors"]}


def options_of(doc, seconds, peers):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "bench" / "results")
    parser.add_argument("--directory", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--peers", action="store_true", help=peers)
    options, _ = parser.parse_known_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    return options


def begin(name, workload, options):
    """A report that has no figures yet."""
    return {"schema": "kontor.bench/1", "benchmark": name, "workload": workload, "seed": 42,
            "load_average": {"before": os.getloadavg()[0]}, **machine(options.directory), "figures": [], "notes": []}


def end(report, options):
    """Prints and keeps it. What was measured beside other work proves nothing."""
    report["load_average"]["after"] = os.getloadavg()[0]
    report["noisy"] = report["load_average"]["before"] > 1
    for each in report["figures"]:
        if report["noisy"] and each["verdict"] in ("met", "missed"):
            each["verdict"] = "noisy"
        print("%-50s %10.2f %-4s %s" % (each["name"], each["median"], each["unit"], each["verdict"]))
    options.results.mkdir(parents=True, exist_ok=True)
    with open(options.results / (report["benchmark"] + ".json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(report) + "\n")
