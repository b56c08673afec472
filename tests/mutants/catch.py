#!/usr/bin/env python3
"""Runs every planted bug with the seed that caught it, and fails if one gets away.

catch.py PROGRAM BUGS_FOLDER          each bug with its recorded seed, and with others when that one has lost its power
catch.py PROGRAM BUGS_FOLDER --search each bug with seeds 1 to 200, and records the first that catches it
catch.py PROGRAM BUGS_FOLDER NAME …   these bugs alone

Caught is a bug when a seed is red with it for the very invariant that it breaks, and the same seed is green without it.
A defect that stops the program counts for bugs whose invariant is "defect".
"""

import pathlib
import re
import subprocess
import sys
import tomllib

SEEDS_MAX = 200
RARE_SEEDS_MAX = 2500
SEEDS_AT_A_TIME = 20


def run(program: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=280)


def violations(result: subprocess.CompletedProcess) -> list[tuple[int, str]]:
    """Seeds with what was said of them."""
    said = re.findall(r"VIOLATED ([^:]+): .*\n  seed=(\d+)", result.stdout)
    found = [(int(seed), invariant) for invariant, seed in said]
    if defect := re.search(r"defect at .* seed (\d+)", result.stderr):
        found.append((int(defect[1]), "defect"))
    return found


def is_green(program: str, seed: int) -> bool:
    result = run(program, f"--seed={seed}")
    return result.returncode == 0 and not violations(result)


def search(program: str, name: str, bug: dict, first: int, last: int) -> tuple[int | None, set[str]]:
    """The first seed that catches the bug, and what others said instead."""
    others: set[str] = set()
    while first <= last:
        to = min(first + SEEDS_AT_A_TIME - 1, last)
        found = violations(run(program, f"--bug={name}", f"--from={first}", f"--to={to}", "--go-on"))
        for seed, invariant in found:
            if invariant != bug["invariant"]:
                others.add(invariant)
            elif is_green(program, seed):
                return seed, others
        stopped = [seed for seed, invariant in found if invariant == "defect"]
        first = stopped[-1] + 1 if stopped else to + 1
    return None, others


def main() -> int:
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    is_search = "--search" in sys.argv
    names = [name for name in sys.argv[3:] if not name.startswith("--")]
    escaped = 0
    for path in sorted(folder.glob("*.toml")):
        if names and path.stem not in names:
            continue
        text = path.read_text()
        bug = tomllib.loads(text)
        seed, others = None, set()
        if not is_search and "seed" in bug:
            seed, others = search(program, path.stem, bug, bug["seed"], bug["seed"])
        if seed is None:
            most = RARE_SEEDS_MAX if bug.get("rare") else SEEDS_MAX
            seed, others = search(program, path.stem, bug, 1, most)
        if seed is None:
            escaped += 1
            print(f"ESCAPED {path.stem}, meant {bug['invariant']}, found {', '.join(sorted(others)) or 'nothing'}")
            continue
        print(f"caught {path.stem} by {bug['invariant']} with seed {seed}", flush=True)
        if is_search:
            path.write_text(re.sub(r"^seed = .*\n", "", text, flags=re.M) + f"seed = {seed}\n")
    return 1 if escaped else 0


sys.exit(main())
