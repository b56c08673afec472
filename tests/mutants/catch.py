#!/usr/bin/env python3
"""Runs every planted bug with the seed that caught it, and fails if one gets away.

catch.py PROGRAM BUGS_FOLDER          each bug with its recorded seed, and with others when that one has lost its power
catch.py PROGRAM BUGS_FOLDER --search each bug with seeds 1 to 200, and records the first that catches it
"""

import pathlib
import re
import subprocess
import sys
import tomllib

SEEDS_MAX = 200
RARE_SEEDS_MAX = 2500


def run(program: str, name: str, seeds: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run([program, f"--bug={name}", *seeds], capture_output=True, text=True, timeout=280)


def caught_by(result: subprocess.CompletedProcess) -> tuple[str, str] | None:
    """The seed and what was said; a defect that stops the program counts, too."""
    if violated := re.search(r"VIOLATED ([^:]+): .*\n  seed=(\d+)", result.stdout):
        return violated[2], violated[1]
    if defect := re.search(r"defect at .* seed (\d+)", result.stderr):
        return defect[1], "defect"
    return None


def main() -> int:
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    search = "--search" in sys.argv
    escaped = 0
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text()
        bug = tomllib.loads(text)
        most = RARE_SEEDS_MAX if bug.get("rare") else SEEDS_MAX
        found = None
        if not search:
            found = caught_by(run(program, path.stem, [f"--seed={bug.get('seed', 1)}"]))
        if found is None:
            found = caught_by(run(program, path.stem, ["--from=1", f"--to={most}"]))
        if found is None:
            escaped += 1
            print(f"ESCAPED {path.stem}")
            continue
        seed, invariant = found
        print(f"caught {path.stem} by {invariant} with seed {seed}, meant {bug['invariant']}")
        if search:
            text = re.sub(r"^(seed|caught_by) = .*\n", "", text, flags=re.M)
            path.write_text(text + f'seed = {seed}\ncaught_by = "{invariant}"\n')
    return 1 if escaped else 0


sys.exit(main())
