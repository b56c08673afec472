#!/usr/bin/env python3
"""Counts the cases of a test run, one a line: "passed NAME", "failed NAME" or "skipped NAME".

    count.py JUNIT RESULTS

JUNIT is what ctest wrote of its programs. A program that left RESULTS/NAME.xml counts by its cases, any other as one.
"""

import os
import sys
from xml.etree import ElementTree


def cases(path):
    for case in ElementTree.parse(path).iter("testcase"):
        kind = "passed"
        if case.get("result") in ("skipped", "suppressed"):
            kind = "skipped"
        if case.find("failure") is not None:
            kind = "failed"
        yield kind, "%s.%s" % (case.get("classname"), case.get("name"))


def count(program, results):
    name, status = program.get("name"), program.get("status")
    skipped = program.find("skipped")
    if status == "notrun" and skipped is not None and skipped.get("message", "").startswith("SKIP_"):
        return [("skipped", name)]
    path = os.path.join(results, name + ".xml")
    if not os.path.exists(path):
        return [("passed" if status == "run" else "failed", name)]
    try:
        found = [(kind, "%s %s" % (name, case)) for kind, case in cases(path)]
    except ElementTree.ParseError as error:
        return [("failed", "%s (its results cannot be read: %s)" % (name, error))]
    if status != "run" and all(kind != "failed" for kind, _ in found):
        found.append(("failed", name + " (it ended badly after its cases: leak, race or crash)"))
    return found


def main():
    junit, results = sys.argv[1:]
    for program in ElementTree.parse(junit).iter("testcase"):
        for kind, name in count(program, results):
            print(kind, name)


if __name__ == "__main__":
    main()
