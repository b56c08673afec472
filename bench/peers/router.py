#!/usr/bin/env python3
"""Runs event-ruler over the events and rules of the router benchmark, and prints one JSON object a family.

    router.py EVENTS RULES [--warm N] [--seconds N]

EVENTS has an event a line, RULES lines of family, tab, pattern. What cannot be had prints {"absent": why}; that fails
nothing. The jars go to build/peers.
"""

import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent / "event-ruler"
BUILD = HERE.parents[2] / "build" / "peers" / "event-ruler"


def must(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise OSError(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-200:]}")


def library():
    target = BUILD / "lib"
    if not target.exists():
        must(["mvn", "-B", "-q", "-f", HERE / "pom.xml",
              "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies", "-DincludeScope=runtime",
              f"-DoutputDirectory={target}"])
    return target


def compiled(source):
    target = BUILD / "classes"
    must(["javac", "-cp", f"{library()}/*", "-d", target, source])
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events")
    parser.add_argument("rules")
    parser.add_argument("--warm", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    try:
        classes = f"{compiled(HERE / 'RulerBench.java')}:{library()}/*"
        subprocess.run(["java", "-Xmx4g", "-cp", classes, "RulerBench", options.events, options.rules, str(options.warm),
                        str(options.seconds)], check=True)
    except (OSError, subprocess.SubprocessError) as why:
        print(json.dumps({"absent": str(why)}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
