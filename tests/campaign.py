#!/usr/bin/env python3
"""Runs a command with fresh seeds until the time is up, and keeps the log of each round that was red.

    campaign.py NAME [--minutes N] -- COMMAND…      ./dev campaign specs|sim|crash

The seed goes into KONTOR_SEED, and in place of {seed} in the command. Logs and a tally are in build/campaign; RED_MAX red
rounds end it, too. Exit codes: 0 every round was green, 1 one was not.
"""

import argparse
import os
import pathlib
import secrets
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "campaign"
RED_MAX = 20


def is_green(command, seed, log):
    with open(log, "w", encoding="utf-8") as file:
        return subprocess.run([word.replace("{seed}", str(seed)) for word in command], cwd=ROOT, stdout=file,
                              stderr=subprocess.STDOUT, env=dict(os.environ, KONTOR_SEED=str(seed))).returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("command", nargs="+")
    wish = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    rounds, red, until = 0, 0, time.monotonic() + wish.minutes * 60
    while rounds == 0 or (time.monotonic() < until and red < RED_MAX):
        seed = secrets.randbelow(2**45)
        log = KEPT / f"{wish.name}-{seed}.log"
        rounds += 1
        if is_green(wish.command, seed, log):
            log.unlink()
        else:
            red += 1
            print(f"red: seed {seed}, see {log.relative_to(ROOT)}", flush=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    tally = f"{commit} {wish.name} rounds={rounds} red={red} minutes={wish.minutes:g}"
    print(tally)
    with open(KEPT / "tally.txt", "a", encoding="utf-8") as file:
        file.write(tally + "\n")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
