#!/usr/bin/env python3
"""Runs Vendure, the peer of the orders benchmark, durable before it answers, and prints one JSON object.

    vendure.py --directory DIR --seconds N

One process in production mode on a PostgreSQL of its own; complete orders through the shop API by 1, 8, 16 and 64 guests,
of which the best counts. PostgreSQL does not compile its queries here (jit=off): compiling would cost eight times what they
cost. Both servers listen on loopback only, keep their data under DIR and are stopped by their process id. What cannot be
had prints {"peer": "vendure", "absent": why}; that fails nothing.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

from peer import Absent, ROOT, free_port, installed_npm, need, output_of, postgres, server, wait_until

GUESTS = (1, 8, 16, 64)
WARM_SECONDS = 5


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def levels(directory, seconds):
    target = installed_npm("vendure")
    node = need("node", "nodejs")
    with postgres(directory) as environment:
        environment["NODE_ENV"] = "production"
        shop = [node, str(target / "shop.mjs")]
        output_of(shop + ["populate", environment["PGPORT"]], env=environment)
        output_of(["psql", "-q", "-c", "ALTER DATABASE postgres SET jit = off", "-c", "ANALYZE"], env=environment)
        port = free_port()
        with server(shop + ["serve", environment["PGPORT"], str(port)], directory / "shop.log", env=environment):
            wait_until(lambda: answers(port), "vendure", 60)
            for guests in GUESTS:
                printed = output_of([node, str(target / "orders.mjs"), f"http://127.0.0.1:{port}/shop-api", str(guests),
                                     str(WARM_SECONDS), str(seconds)])
                level = json.loads(printed.strip().splitlines()[-1])
                print(f"  vendure, {guests} guests: {level['orders_per_s']:.1f} orders/s, p50 {level['p50_ms'] or 0:.0f} ms, "
                      f"p99 {level['p99_ms'] or 0:.0f} ms, failed {level['failed']} {level['lastFailure']}",
                      file=sys.stderr, flush=True)
                yield level


def best_of(directory, seconds):
    found = list(levels(directory, seconds))
    best = max(found, key=lambda level: level["orders_per_s"])
    if not best["orders"]:
        raise Absent(f"not one order was settled: {best['lastFailure']}")
    pinned = json.loads((ROOT / "bench" / "peers" / "vendure" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    settings = f"{pinned['@vendure/core']}, one process, production mode, synchronous_commit=on, jit=off, 7 calls an order"
    return {"settings": settings, **best, "levels": found}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", default=str(ROOT / "build" / "bench" / "peers"))
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped then too
    directory = pathlib.Path(options.directory).resolve() / "vendure"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    try:
        print(json.dumps({"peer": "vendure", **best_of(directory, options.seconds)}), flush=True)
    except (Absent, OSError, ValueError, subprocess.TimeoutExpired) as why:
        print(json.dumps({"peer": "vendure", "absent": str(why)}), flush=True)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
