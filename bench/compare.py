#!/usr/bin/env python3
"""Builds two commits, each in a worktree of its own below build/compare, and has kontor_bench measure them in turn.

    compare.py BEFORE AFTER NAME [ARGS of kontor_bench NAME]      ./dev bench compare HEAD~1 HEAD append

Exit codes: of kontor_bench; 1 a commit does not build, 2 it is none.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = "build/release/bin/kontor_bench"


def stop(code, cause, follow):
    print(f"\n{cause}\nNext: {follow}", file=sys.stderr)
    sys.exit(code)


def commit_of(revision):
    found = subprocess.run(["git", "rev-parse", "--verify", "--short=12", f"{revision}^{{commit}}"], cwd=ROOT,
                           capture_output=True, text=True)
    if found.returncode != 0:
        stop(2, f"'{revision}' is no commit.", "git log")
    return found.stdout.strip()


def built(revision):
    """The benchmark program of this commit."""
    commit = commit_of(revision)
    tree, log = ROOT / "build" / "compare" / commit, ROOT / "build" / "log" / f"compare-{commit}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    steps = [["cmake", "--preset", "release", "-DKONTOR_TESTS=OFF", "-DKONTOR_BENCH=ON"],
             ["ninja", "-C", "build/release", "kontor", "kontor_bench"]]
    if not tree.exists():
        made = subprocess.run(["git", "worktree", "add", "--detach", tree, commit], cwd=ROOT, capture_output=True, text=True)
        if made.returncode != 0:
            stop(1, f"There is no worktree of {commit}: {made.stderr.strip()}", "git worktree prune, then again")
    print(f"  build {commit}", flush=True)
    with open(log, "w", encoding="utf-8") as file:
        for step in steps:
            if subprocess.run(step, cwd=tree, stdout=file, stderr=subprocess.STDOUT).returncode != 0:
                stop(1, f"{commit} does not build.", f"{log.relative_to(ROOT)} says why")
    return tree / BENCH


def main():
    if len(sys.argv) < 4:
        stop(2, "Two commits and a benchmark are wanted.", "./dev bench compare HEAD~1 HEAD append")
    before, after, name = sys.argv[1:4]
    programs = [built(before), built(after)]
    os.execv(ROOT / BENCH, [BENCH, name, "--results", str(ROOT / "build" / "bench" / "results"), "--compare", *map(str, programs),
                            *sys.argv[4:]])


if __name__ == "__main__":
    main()
