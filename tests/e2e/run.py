#!/usr/bin/env python3
"""Runs the real program as a person would, and tells what it promises from what it does.

    run.py --kontor BINARY --samples DIRECTORY [--cases FILE.xml] [--seed N] [--but PATTERN]… [PATTERN]

Each check runs against the program and must hold, then against one that lies, and must not. Python's own library, and Debian's jsonschema.
"""

import argparse
import os
import secrets
import shutil
import sys
import tempfile
import time
import unittest
from xml.sax.saxutils import quoteattr


def settings():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kontor", required=True)
    parser.add_argument("--samples", required=True)
    parser.add_argument("--cases")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("KONTOR_SEED", secrets.randbelow(2**32))))
    parser.add_argument("--but", action="append", default=[], help="leave out what has this in its name")
    parser.add_argument("pattern", nargs="?", default="")
    return parser.parse_args()


class Cases(unittest.TextTestResult):
    """Keeps each case with its outcome, for whoever counts."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.cases = []

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def keep(self, test, inner, result="completed"):
        name = test.id().split(".")
        self.cases.append("<testcase name=%s classname=%s time=\"%.3f\" result=\"%s\">%s</testcase>" %
                          (quoteattr(name[-1]), quoteattr(name[-2]), time.monotonic() - self.began, result, inner))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.keep(test, "")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.keep(test, "\n<failure message=\"failed\"/>")

    def addError(self, test, err):
        super().addError(test, err)
        self.keep(test, "\n<failure message=\"error\"/>")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.keep(test, "", "skipped")
        print("SKIPPED %s: %s" % (test.id(), reason))


def without(suite, left_out):
    """The same checks, but for those that have this in their names."""
    kept = unittest.TestSuite()
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            kept.addTest(without(each, left_out))
        elif left_out not in each.id():
            kept.addTest(each)
    return kept


def main():
    import kontor
    kontor.SETTINGS = settings()
    kontor.SETTINGS.kontor = os.path.abspath(kontor.SETTINGS.kontor)
    kontor.SETTINGS.samples = os.path.abspath(kontor.SETTINGS.samples)
    print("seed %d (repeat with KONTOR_SEED=%d)" % (kontor.SETTINGS.seed, kontor.SETTINGS.seed), flush=True)
    kontor.SETTINGS.directory = tempfile.mkdtemp(prefix="kontor-e2e-")
    os.chmod(kontor.SETTINGS.directory, 0o755)
    try:
        loader = unittest.TestLoader()
        if kontor.SETTINGS.pattern:
            loader.testNamePatterns = ["*%s*" % kontor.SETTINGS.pattern]
        suite = loader.discover(os.path.dirname(os.path.abspath(__file__)), pattern="*_test.py")
        for left_out in kontor.SETTINGS.but:
            suite = without(suite, left_out)
        outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Cases).run(suite)
    finally:
        shutil.rmtree(kontor.SETTINGS.directory, ignore_errors=True)
    if kontor.SETTINGS.cases:
        os.makedirs(os.path.dirname(kontor.SETTINGS.cases), exist_ok=True)
        with open(kontor.SETTINGS.cases, "w", encoding="utf-8") as file:
            file.write("<testsuite>\n%s\n</testsuite>\n" % "\n".join(outcome.cases))
    return 0 if outcome.wasSuccessful() and outcome.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
