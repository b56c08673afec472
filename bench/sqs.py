#!/usr/bin/env python3
"""Queues over the JSON protocol of SQS: Kontor's, each answer durable, beside ElasticMQ's, in memory.

    sqs.py [--seconds 5] [--results bench/results] [--directory build/bench] [--peers]

Both are asked by the same generator, kontor_sqs_load: 64 connections send, receive and delete messages of 300 bytes, one and
ten a call, through a standard queue and FIFO queues with 1 and 1,000 groups. A message counts when its deletion is answered.
With --peers rounds of both lie beside each other in time.
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from orders import GUESTS_OF_ONE_ADDRESS, KONTOR, PROGRAMS, ROOT, figure, fresh, machine, wait_for_the_disk

sys.path.insert(0, str(ROOT / "tests" / "aws"))
import elasticmq

SHAPES = ["standard", "fifo1", "fifo1000"]
BATCHES = [1, 10]
ROUNDS = 3
TIMES = 10


class Shop:
    """`kontor serve` with its AWS endpoint."""

    def __init__(self, directory):
        self.process = subprocess.Popen([KONTOR, "serve", "--data", directory, "--port", "0", "--json"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={**os.environ, **GUESTS_OF_ONE_ADDRESS})
        banner = json.loads(self.process.stdout.readline())
        self.port = int(banner["aws"]["url"].rstrip("/").rsplit(":", 1)[1])

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


def rate(port, shape, batch, seconds):
    done = subprocess.run([PROGRAMS / "kontor_sqs_load", str(port), shape, str(batch), "--seconds", str(seconds)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("kontor_sqs_load: " + done.stderr)
    return json.loads(done.stdout)["messages_a_second"]


def measure(shop, peer, seconds):
    """Figures of every shape, ours and the peer's in turn."""
    figures = []
    for shape in SHAPES:
        for batch in BATCHES:
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(rate(shop.port, shape, batch, seconds))
                if peer:
                    theirs.append(rate(peer.port, shape, batch, seconds))
            what = "%s, %d a call" % (shape, batch)
            figures.append(figure("messages over HTTP, " + what, "/s", ours))
            if theirs:
                figures.append(figure("ElasticMQ's in memory, " + what, "/s", theirs))
            if theirs and min(theirs) > 0:  # else it did not get through it
                figures.append(figure("times ElasticMQ, " + what, "x", [a / b for a, b in zip(ours, theirs)], "at least", TIMES))
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "bench" / "results")
    parser.add_argument("--directory", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--peers", action="store_true", help="also run ElasticMQ, in the same minutes")
    options, _ = parser.parse_known_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    before = os.getloadavg()[0]
    report = {"schema": "kontor.bench/1", "benchmark": "sqs",
              "workload": "messages of 300 bytes sent, received and deleted over the JSON protocol of SQS, 64 connections in "
                          "closed loop, `kontor serve` with every answer durable; generator and server share two cores",
              "seed": 42, **machine(options.directory), "notes": []}
    calm = wait_for_the_disk(options.directory)
    report["notes"].append("before it, synced writes of 4 KiB had a p99 of %.2f ms" % calm)
    shop = Shop(fresh(options.directory, "sqs"))
    try:
        with elasticmq.ElasticMq("2g") if options.peers else contextlib.nullcontext() as peer:
            report["figures"] = measure(shop, peer, options.seconds)
    except elasticmq.Absent as why:
        report["notes"].append("ElasticMQ: absent, " + str(why))
        report["figures"] = measure(shop, None, options.seconds)
    finally:
        shop.close()
    report["load_average"] = {"before": before, "after": os.getloadavg()[0]}
    report["noisy"] = before > 1
    for each in report["figures"]:
        if report["noisy"] and each["verdict"] in ("met", "missed"):
            each["verdict"] = "noisy"
        print("%-50s %12.2f %-4s %s" % (each["name"], each["median"], each["unit"], each["verdict"]))
    options.results.mkdir(parents=True, exist_ok=True)
    with open(options.results / "sqs.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
