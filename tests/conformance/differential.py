#!/usr/bin/env python3
"""Asks event-ruler about random pairs and prints each on which it says otherwise than our matcher.

    differential.py ROUTING_PAIRS [--pairs N] [--seed N] [--minutes N]

ROUTING_PAIRS is the program that draws them. The jars are those of bench/peers/router.py. Exit codes: 0 no difference,
1 some, or one of the two ended otherwise than it should, or both took longer than the minutes; 77 the engine cannot be
had here.
"""

import argparse
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "bench" / "peers"))
import router  # noqa: E402


def judged(draw, judge, seconds):
    """Whether one program drew pairs and the other judged all of them, in time. Neither outlives the other."""
    pairs = subprocess.Popen(draw, stdout=subprocess.PIPE)
    # The judge has the only reading end: if it ends early, whoever writes is told so and does not wait for ever.
    judging = subprocess.Popen(judge, stdin=pairs.stdout)
    pairs.stdout.close()
    end = time.monotonic() + seconds
    codes = []
    for process in (judging, pairs):
        try:
            codes.append(process.wait(timeout=max(0.1, end - time.monotonic())))
        except subprocess.TimeoutExpired:
            print(f"{process.args[0]} was not done after {seconds:.0f} s", flush=True)
            process.kill()
            codes.append(process.wait())
    return codes == [0, 0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    try:
        library = router.library()
        classes = router.compiled(HERE / "RulerPairs.java")
    except (OSError, subprocess.SubprocessError) as why:
        print(f"event-ruler cannot be had: {why}")
        return 77
    print(f"seed {options.seed}", flush=True)
    draw = [options.program, str(options.seed), str(options.pairs)]
    judge = ["java", "-cp", f"{classes}:{library}/*", "RulerPairs"]
    return 0 if judged(draw, judge, 60 * options.minutes) else 1


if __name__ == "__main__":
    sys.exit(main())
