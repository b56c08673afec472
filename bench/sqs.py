#!/usr/bin/env python3
"""Queues over the JSON protocol of SQS: Kontor's, each answer durable, beside ElasticMQ's, in memory.

    sqs.py [--seconds 5] [--results bench/results] [--directory build/bench] [--peers]

Both are asked by the same generator, kontor_sqs_load: 64 connections send, receive and delete messages of 300 bytes, one and
ten a call, through a standard queue and FIFO queues with 1 and 1,000 groups. A message counts when its deletion is answered.
With --peers rounds of both lie beside each other in time.
"""

import contextlib
import json
import subprocess
import sys

from orders import Shop
from script import PROGRAMS, ROOT, begin, end, figure, fresh, options_of, wait_for_the_disk

sys.path.insert(0, str(ROOT / "tests" / "aws"))
import elasticmq

SHAPES = ["standard", "fifo1", "fifo1000"]
BATCHES = [1, 10]
ROUNDS = 3
TIMES = 10


def rate(port, shape, batch, seconds):
    done = subprocess.run([PROGRAMS / "kontor_sqs_load", str(port), shape, str(batch), "--seconds", str(seconds)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("kontor_sqs_load: " + done.stderr)
    return json.loads(done.stdout)["messages_a_second"]


def measure(shop, peer, seconds):
    """Figures of every shape, ours and the peer's in turn."""
    port = int(shop.banner["aws"]["url"].rstrip("/").rsplit(":", 1)[1])
    figures = []
    for shape in SHAPES:
        for batch in BATCHES:
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(rate(port, shape, batch, seconds))
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
    options = options_of(__doc__, seconds=5, peers="also run ElasticMQ, in the same minutes")
    report = begin("sqs", "messages of 300 bytes sent, received and deleted over the JSON protocol of SQS, 64 connections in "
                          "closed loop, `kontor serve` with every answer durable; generator and server share two cores", options)
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
    end(report, options)


if __name__ == "__main__":
    main()
