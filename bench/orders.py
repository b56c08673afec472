#!/usr/bin/env python3
"""The whole shop over HTTP: how soon it is open, what it takes at rest, how many orders it accepts, how it closes.

    orders.py [--seconds 10] [--results bench/results] [--directory build/bench] [--peers]

Opens `kontor serve` on a directory of its own, fills 200 shelves, and lets `kontor load` place orders over 64 connections at
moments drawn beforehand. A rate counts when nothing failed, 99 % were accepted within 10 ms, and two seconds after the last
order all are confirmed: a shop that only takes orders in is none. Then orders in batches, three times as many orders as it
can take, and how soon it is well again.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from script import GUESTS_OF_ONE_ADDRESS, KONTOR, ROOT, begin, end, figure, fresh, options_of, wait_for_the_disk

SHELVES = 200
RATES = [500, 1000, 2000, 3000, 4000, 6000, 8000, 10000, 12000, 15000, 20000, 25000, 30000, 40000, 50000]
ROUNDS = 5


class Shop:
    """`kontor serve` on free ports."""

    def __init__(self, directory, *flags):
        began = time.monotonic()
        self.process = subprocess.Popen([KONTOR, "serve", "--data", directory, "--port", "0", "--json", *flags],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={**os.environ, **GUESTS_OF_ONE_ADDRESS})
        self.banner = json.loads(self.process.stdout.readline())
        self.ready_ms = (time.monotonic() - began) * 1e3
        with open(os.path.join(directory, "run", "dev.token"), encoding="ascii") as file:
            self.token = file.readline().strip()

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.update({"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        request = urllib.request.Request(self.banner["console"] + path, method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.headers, reply.read()

    def fill(self):
        for number in range(SHELVES):
            sku = "B%03d" % number
            headers, _ = self.ask("POST", "/v1/products", {"sku": sku, "title": "Shelf %d" % number, "tax_class": "standard",
                                                           "weight_g": 100}, Idempotency_Key="add-" + sku)
            self.ask("PUT", "/v1/products/%s/price" % sku, {"price": {"amount": 500 + number, "currency": "GBP"}},
                     Idempotency_Key="price-" + sku, If_Match=headers["ETag"])
            self.ask("POST", "/v1/inventory/%s/main/receipts" % sku, {"quantity": 1000000, "reference": "bench"},
                     Idempotency_Key="receive-" + sku)

    def seconds_until_confirmed(self, at_most):
        """How long it takes from now until no order is only placed, as the read model shows it."""
        began = time.monotonic()
        while time.monotonic() < began + at_most:
            try:
                _, page = self.ask("GET", "/v1/orders?state=placed&limit=1")
                if not json.loads(page)["data"]:
                    break
            except urllib.error.HTTPError as refused:
                if refused.code != 503:  # who is busy refuses looks before orders
                    raise
            time.sleep(0.05)
        return time.monotonic() - began

    def memory_mib(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
            return int(re.search(r"^VmRSS:\s+(\d+)", status.read(), re.M).group(1)) / 1024

    def load(self, rate, seconds, *flags, connections=64):
        """One level, as `kontor load --json` tells it."""
        done = subprocess.run([KONTOR, "load", self.banner["console"], "--token-file", self.token_file(),
                               "--rate", str(rate), "--for", str(seconds), "--connections", str(connections), "--json", *flags],
                              capture_output=True, text=True, check=False)
        if not done.stdout:
            raise SystemExit("kontor load: " + done.stderr)
        return json.loads(done.stdout)["levels"][0]

    def token_file(self):
        path = pathlib.Path(self.banner["data"] if "data" in self.banner else "") / "run" / "dev.token"
        return str(path)

    def close(self, signal_number=signal.SIGTERM):
        began = time.monotonic()
        self.process.send_signal(signal_number)
        self.process.communicate(timeout=60)
        return time.monotonic() - began


def measure_opening(directory):
    version, ready, rest, demo = [], [], [], []
    for _ in range(ROUNDS):
        began = time.monotonic()
        subprocess.run([KONTOR, "version"], stdout=subprocess.DEVNULL, check=True)
        version.append((time.monotonic() - began) * 1e3)
        shop = Shop(fresh(directory, "empty"))
        ready.append(shop.ready_ms)
        time.sleep(1)
        rest.append(shop.memory_mib())
        shop.close()
        shop = Shop(fresh(directory, "demo"), "--demo")
        demo.append(shop.ready_ms / 1e3)
        shop.close()
    return [figure("kontor version", "ms", version, "at most", 20),
            figure("an empty directory until ready", "ms", ready, "at most", 150),
            figure("memory at rest", "MiB", rest, "at most", 40),
            figure("a demo shop until ready", "s", demo, "at most", 1)]


def keeps_up(shop, rate, seconds, *flags):
    disk = wait_for_the_disk(pathlib.Path(shop.banner["data"]))
    level = shop.load(rate, seconds, *flags)
    behind = shop.seconds_until_confirmed(60)
    good = not level["failures"] and not level["void"] and level["all"]["p99_ms"] <= 10 and behind <= 2
    print("  %6d/s: accepted %.0f/s, p50 %.2f ms, p99 %.2f ms, failures %d, left late %d, all confirmed %.2f s later: %s" % (
        rate, level["answered_per_s"], level["all"]["p50_ms"], level["all"]["p99_ms"], level["failures"], level["left_late"],
        behind, "counts" if good else f"does not count (a synced write had a p99 of {disk:.2f} ms before)"), flush=True)
    return good


def measure_orders(directory, seconds):
    shop = Shop(fresh(directory, "orders"))
    shop.fill()
    best = 0
    for rate in RATES:
        if not keeps_up(shop, rate, seconds) and not keeps_up(shop, rate, seconds):
            break  # twice, because one moment of the machine is no limit
        best = rate
    half = []
    for _ in range(3):
        wait_for_the_disk(directory)
        half.append(shop.load(max(best, RATES[0]) / 2, seconds)["all"])
    loaded = subprocess.Popen([KONTOR, "load", shop.banner["console"], "--token-file", shop.token_file(), "--rate",
                               str(max(best, RATES[0])), "--for", "6", "--connections", "64", "--json"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(3)
    drained = shop.close()
    loaded.wait()
    return [figure("orders accepted over HTTP, and confirmed as fast", "/s", [best], "at least", 30000),
            figure("accept p50 at half of that", "ms", [each["p50_ms"] for each in half], "at most", 0.5),
            figure("accept p99 at half of that", "ms", [each["p99_ms"] for each in half], "at most", 2),
            figure("closing at full load", "s", [drained], "at most", 1)]


def compare_with_vendure(report, ours, options):
    """Vendure's orders in the same minutes, and how many times that we are; a note when it cannot be had."""
    done = subprocess.run([sys.executable, ROOT / "bench" / "peers" / "vendure.py", "--directory", options.directory / "peers",
                           "--seconds", str(max(options.seconds, 5))], stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    row = json.loads(lines[-1]) if lines else {"absent": f"its harness ended with {done.returncode}"}
    if "absent" in row:
        report["notes"].append("vendure: absent, " + row["absent"])
        return
    report["figures"] += [figure("orders of Vendure", "/s", [row["orders_per_s"]]),
                          figure("ours over Vendure", "x", [ours / row["orders_per_s"]], "at least", 5000)]
    report["notes"].append(f"Vendure {row['settings']}; best of 1 to 64 guests at {row['guests']}: an order p50 "
                           f"{row['p50_ms']:.0f} ms, p99 {row['p99_ms']:.0f} ms, failed {row['failed']}")


def measure_batches(directory, seconds):
    """Orders a second in requests of sixteen, by the same rule."""
    shop = Shop(fresh(directory, "batches"))
    shop.fill()
    best = 0
    for rate in [each * 2 for each in RATES]:
        if not keeps_up(shop, rate, seconds, "--batch", "16") and not keeps_up(shop, rate, seconds, "--batch", "16"):
            break
        best = rate
    shop.close()
    return [figure("orders accepted in batches of 16, and confirmed as fast", "/s", [best], "at least", 80000)]


def measure_overload(directory, seconds):
    """Goodput counts orders that were taken; the rest must be refused, early and with a time to come back."""
    shop = Shop(fresh(directory, "overload"))
    shop.fill()
    peak = max(taken_a_second(shop, rate, seconds)[0] for rate in RATES if 8000 <= rate <= 25000)
    taken, flood = taken_a_second(shop, 3 * peak, seconds, connections=4096)
    well_again = seconds_until_well(shop, peak / 4)
    others = {status: count for status, count in flood["statuses"].items() if status not in ("201", "503", "429")}
    print("  %.0f/s at the peak; asked for three times as many: %s, lost %d" % (peak, flood["statuses"], flood["failures"]), flush=True)
    shop.close()
    return [figure("orders taken at three times the load, of the peak", "", [taken / peak], "at least", 0.9),
            figure("answers then that were neither an order nor come back later", "", [sum(others.values())], "at most", 0),
            figure("until a quarter of the peak is served well again", "s", [well_again], "at most", 5)]


def taken_a_second(shop, rate, seconds, connections=64):
    """Orders taken a second until the last was confirmed: what is confirmed late is no faster shop."""
    began = time.monotonic()
    level = shop.load(rate, seconds, "--warm-up", "0", connections=connections)
    shop.seconds_until_confirmed(60)
    return level["statuses"].get("201", 0) / (time.monotonic() - began), level


def seconds_until_well(shop, rate):
    began = time.monotonic()
    while time.monotonic() < began + 60:
        level = shop.load(rate, 1, "--warm-up", "0")
        if not level["failures"] and level["all"]["p99_ms"] <= 10:
            break
    return time.monotonic() - began


def main():
    options = options_of(__doc__, seconds=10, peers="also run Vendure, in the same minutes")
    report = begin("orders", "`kontor serve` on a directory of its own; POST /v1/orders of 1 to 3 lines from 200 shelves, sandbox "
                             "payments, a fresh key each, 64 connections, open loop, the moments drawn; read models, documents and "
                             "checkout on; generator and shop share two cores", options)
    report["figures"] = (measure_opening(options.directory) + measure_orders(options.directory, options.seconds)
                         + measure_batches(options.directory, options.seconds) + measure_overload(options.directory, options.seconds))
    if options.peers:
        ours = next((each["median"] for each in report["figures"] if each["name"].startswith("orders accepted over")), 0)
        compare_with_vendure(report, ours, options)
    end(report, options)


if __name__ == "__main__":
    main()
