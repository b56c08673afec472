#!/usr/bin/env python3
"""Asks event-ruler about random pairs and prints each on which it says otherwise than our matcher.

    differential.py ROUTING_PAIRS [--pairs N] [--seed N]

ROUTING_PAIRS is the program that draws them. The jars are those of bench/peers/router.py. Exit codes: 0 no difference,
1 some, 77 the engine cannot be had here.
"""

import argparse
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "bench" / "peers"))
import router  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    try:
        library = router.library()
        classes = router.compiled(HERE / "RulerPairs.java")
    except (OSError, subprocess.SubprocessError) as why:
        print(f"event-ruler cannot be had: {why}")
        return 77
    print(f"seed {options.seed}", flush=True)
    pairs = subprocess.Popen([options.program, str(options.seed), str(options.pairs)], stdout=subprocess.PIPE)
    judge = subprocess.run(["java", "-cp", f"{classes}:{library}/*", "RulerPairs"], stdin=pairs.stdout, check=False)
    return 1 if pairs.wait() or judge.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
