#!/usr/bin/env python3
"""Says what each system does to the disk for one acknowledged operation, counted by strace on a short run of its own.

    parity.py --program KONTOR_BENCH [--directory DIR] SYSTEM ...

Prints one JSON object a system: syncs and bytes written to its files for each acknowledged operation, and when it
acknowledges. A write through a descriptor that was opened with O_DSYNC or O_SYNC counts as a sync. A system that cannot be
had, or a machine without strace, prints {"absent": why}; that fails nothing.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

import peer
from peer import Absent, ROOT

SECONDS = 2
# A segment that is filled with zeros before it is written: as many bytes again, and no answer waits for them.
AHEAD = ".tmp"
SETTLED = "WAL synced, grouped"
# system: what it runs as, when it acknowledges, what is left after a power cut, clients and batch of the run
SYSTEMS = {
    "kontor": ("its only mode; segments filled ahead left out", "frame written and synced", "kept", 64, 1),
    "kontor-checkout": ("its only mode; segments filled ahead left out, an answer is a whole order",
                        "frames written and synced", "kept", 4096, 1),
    "redis": ("Redis 7.0, appendfsync always", "once per event-loop turn, after fsync", "kept", 50, 1),
    "rocksdb": ("RocksDB, sync=1", SETTLED, "kept", 64, 1),
    "message-db": ("PostgreSQL 15, synchronous_commit=on", SETTLED, "kept", 8, 1),
    "emmett": ("PostgreSQL 15, synchronous_commit=on", SETTLED, "kept", 16, 1),
    "postgres": ("PostgreSQL 15, synchronous_commit=on", SETTLED, "kept", 64, 1),
}
CALL = re.compile(r"^(\d+) +(fsync|fdatasync|write|pwrite64|pwritev2?)\((\d+)<([^>]*)>")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>.* = (\d+)")
RESULT = re.compile(r" = (\d+)(?:<([^>]*)>)?$")


class Trace:
    """What a strace file says of the files below a directory, line by line as it grows.

    A descriptor that was opened to sync each write is known by its number, for its file may get another name. So only one
    process of those that are traced may open files like that; its threads share its numbers.
    """

    def __init__(self, path, below):
        self.path, self.below = path, str(below)
        self.syncs = self.bytes = self.read_to = 0
        self.synced_writes, self.pending = set(), {}

    def catch_up(self):
        with open(self.path, encoding="utf-8", errors="replace") as file:
            file.seek(self.read_to)
            for line in iter(file.readline, ""):
                self.take(line.rstrip("\n"))
            self.read_to = file.tell()
        return self.syncs, self.bytes

    def take(self, line):
        result = RESULT.search(line)
        if " openat(" in line and result:
            is_synced = "O_DSYNC" in line or "O_SYNC" in line
            (self.synced_writes.add if is_synced else self.synced_writes.discard)(result.group(1))
        call = CALL.match(line)
        if call:
            process, name, descriptor, path = call.groups()
            if not path.startswith(self.below) or path.endswith(AHEAD):
                return
            if line.endswith("<unfinished ...>"):
                self.pending[process] = (name, descriptor)
            elif result:
                self.count(name, descriptor, int(result.group(1)))
            return
        resumed = RESUMED.match(line)
        if resumed and resumed.group(1) in self.pending:
            self.count(*self.pending.pop(resumed.group(1)), int(resumed.group(3)))

    def count(self, name, descriptor, result):
        is_sync = name in ("fsync", "fdatasync")
        self.syncs += is_sync or descriptor in self.synced_writes
        self.bytes += 0 if is_sync else result


def strace(output):
    if shutil.which("strace") is None:
        raise Absent("strace is not installed (package strace)")
    # -D: the traced process keeps its place, so that whoever stops it by its id stops it.
    return ["strace", "-D", "-f", "-y", "-s", "0", "--seccomp-bpf", "-o", str(output), "-e",
            "trace=openat,fsync,fdatasync,write,pwrite64,pwritev,pwritev2"]


def of_ours(program, benchmark, directory):
    trace, results = directory / "trace", directory / "results"
    arguments = ["--only", "64x1"] if benchmark == "append" else []
    subprocess.run([*strace(trace), program, benchmark, "--seconds", str(SECONDS), "--directory", str(directory / "data"),
                    "--results", str(results), *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True, timeout=300)
    below = directory / "data" / benchmark / ("log" if benchmark == "checkout" else "")
    syncs, written = Trace(trace, below).catch_up()
    return syncs, written, json.loads((results / f"{benchmark}.json").read_text(encoding="utf-8"))["acknowledged"]


def of_peer(name, directory):
    trace = directory.parent / f"{name}.trace"
    _, _, _, clients, batch = SYSTEMS[name]
    peer.WRAP[:] = strace(trace)
    try:
        with peer.PEERS[name](directory) as running:
            found = Trace(trace, directory)
            before = found.catch_up() if trace.exists() else (0, 0)
            rate = running.run(clients, batch, SECONDS)
            acknowledged = running.last or rate * SECONDS
            after = found.catch_up()
    finally:
        peer.WRAP[:] = []
        trace.unlink(missing_ok=True)
    return after[0] - before[0], after[1] - before[1], acknowledged


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--directory", default=str(ROOT / "build" / "bench" / "parity"))
    parser.add_argument("systems", nargs="+", choices=SYSTEMS)
    options = parser.parse_args()
    for name in options.systems:
        run_as, when, left, clients, batch = SYSTEMS[name]
        directory = pathlib.Path(options.directory).resolve() / name
        shutil.rmtree(directory, ignore_errors=True)
        (directory / "data").mkdir(parents=True)
        try:
            if name.startswith("kontor"):
                benchmark = "checkout" if name == "kontor-checkout" else "append"
                syncs, written, acknowledged = of_ours(options.program, benchmark, directory)
            else:
                (directory / "data").rmdir()
                syncs, written, acknowledged = of_peer(name, directory)
            print(json.dumps({"system": name, "run_as": run_as, "acknowledged_when": when, "power_cut": left,
                              "in_flight": clients * batch, "syncs": syncs / max(acknowledged, 1),
                              "bytes": written / max(acknowledged, 1)}), flush=True)
        except (Absent, OSError, subprocess.SubprocessError) as why:
            print(json.dumps({"system": name, "absent": str(why)}), flush=True)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
