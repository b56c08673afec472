#!/usr/bin/env python3
"""Holds differential.py to its end: whatever the two programs do, it answers, and in time."""

import sys
import time

import differential

DRAWS_FOR_EVER = ["sh", "-c", "while :; do echo a line of some length, to fill the pipe; done"]
DRAWS_SOME = ["sh", "-c", "seq 1000"]
STANDS_STILL = ["sleep", "100"]
READS_ALL = ["sh", "-c", "cat >/dev/null"]
READS_NOTHING = ["true"]
FINDS_DIFFERENCES = ["sh", "-c", "cat >/dev/null; exit 1"]

CASES = [
    ("all is judged", DRAWS_SOME, READS_ALL, True),
    ("the judge finds differences", DRAWS_SOME, FINDS_DIFFERENCES, False),
    ("the judge ends at once", DRAWS_FOR_EVER, READS_NOTHING, False),
    ("the judge stands still", DRAWS_FOR_EVER, STANDS_STILL, False),
    ("nothing is drawn", STANDS_STILL, READS_ALL, False),
    ("the drawing program fails", ["sh", "-c", "echo 1; exit 3"], READS_ALL, False),
]


def main():
    wrong = 0
    for name, draw, judge, wanted in CASES:
        begin = time.monotonic()
        is_good = differential.judged(draw, judge, 2)
        if is_good != wanted or time.monotonic() - begin > 10:
            print(f"{name}: {is_good} after {time.monotonic() - begin:.1f} s, not {wanted}")
            wrong += 1
    print(f"{len(CASES) - wrong} of {len(CASES)} ends are as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
