#!/usr/bin/env python3
"""Attacks a running shop with tools that others wrote, and keeps what they found in tests/attack/found.json.

    attack.py --kontor BINARY [--seeds N] [--only schemathesis|slowhttptest|wapiti] [--control]

schemathesis (from PyPI, into build/attack) makes requests of the reference of the API and checks every answer against it;
slowhttptest (Debian) keeps connections busy in four slow ways; wapiti (Debian) looks for injections and missing guards. Each
attack is red when it finds something, when the shop answers 5xx, or when it is not ready afterwards. A tool that is not
installed is said to be absent, and counts as neither. With --control schemathesis gets a reference that lies about every
number, and must find it.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEPT = pathlib.Path(__file__).resolve().parent / "found.json"
REFERENCE = ROOT / "docs" / "reference" / "openapi.json"
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
          "response_headers_conformance,ignored_auth,use_after_free,ensure_resource_availability")
SLOW = {"slow headers": ["-H"], "slow bodies": ["-B"], "overlapping ranges": ["-R", "-a", "10", "-b", "3000"],
        "slow reading": ["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"]}
PAGES = ["/v1/products", "/v1/orders", "/v1/orders?state=placed&limit=3", "/v1/events?after=0&type=order.placed",
         "/v1/inventory?sku=K001", "/v1/products?category=mugs", "/problems/E3005", "/v1/session"]
EXPECTED = {"X-XSS-Protection is not set",  # browsers have given it up; it made pages less safe
            "Strict-Transport-Security is not set"}  # says nothing over plain http; whoever ends TLS sets it


class Shop:
    """A demo shop with orders, on free ports."""

    def __init__(self, kontor):
        self.directory = tempfile.mkdtemp()
        self.process = subprocess.Popen([kontor, "serve", "--demo=20", "--demo-orders", "60", "--port", "0", "--json", "--data",
                                         self.directory + "/shop"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.banner = json.loads(self.process.stdout.readline())
        with open(self.directory + "/shop/run/dev.token", encoding="ascii") as file:
            self.token = file.readline().strip()
        time.sleep(4)  # so that there is something to find

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.directory, ignore_errors=True)

    def is_ready(self):
        with urllib.request.urlopen(self.banner["console"] + "/readyz", timeout=10) as reply:
            return reply.status == 200

    def server_errors(self):
        request = urllib.request.Request(self.banner["console"] + "/metrics", headers={"Authorization": "Bearer " + self.token})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return sum(float(each) for each in re.findall(r'^kontor_http_requests_total\{[^}]*status="5xx"[^}]*\} (\S+)$',
                                                          reply.read().decode(), re.M))


def lying_reference():
    path = ROOT / "build" / "attack" / "lying.json"
    path.write_text(REFERENCE.read_text(encoding="utf-8").replace('"type":"integer"', '"type":"boolean"'), encoding="utf-8")
    return path


def schemathesis(shop, seed, reference=REFERENCE):
    home = ROOT / "build" / "attack"
    program = home / "bin" / "schemathesis"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", "schemathesis==4.32.5"], check=True)
    done = subprocess.run([program, "run", reference, "--url", shop.banner["console"], "-H", "Authorization: Bearer " + shop.token,
                           "--seed", str(seed), "--max-examples", "40", "--checks", CHECKS, "--phases", "coverage,fuzzing,stateful",
                           "--exclude-path-regex", "events/stream"], cwd=home, capture_output=True, text=True, check=False)
    cases = re.search(r"([\d,]+) generated", done.stdout)
    found = re.findall(r"^- (ST\d+ .*)$", done.stdout, re.M)
    if done.returncode != 0 and not found:
        found = [done.stdout[-2000:] + done.stderr[-2000:]]
    return {"seed": seed, "requests": int(cases.group(1).replace(",", "")) if cases else 0, "found": found}


def slowhttptest(shop, way, flags):
    done = subprocess.run(["slowhttptest", "-c", "90", *flags, "-i", "5", "-r", "50", "-t", "POST" if "-B" in flags else "GET", "-u",
                           shop.banner["shop"] + "/v1/products", "-x", "24", "-p", "3", "-l", "25"],
                          capture_output=True, text=True, check=False)
    told = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    available = re.findall(r"service available:\s*(\w+)", told)
    return {"way": way, "looks": len(available), "found": ["the shop did not answer others"] if "NO" in available or not available else []}


def wapiti(shop):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        pages = [part for page in PAGES for part in ("-s", shop.banner["shop"] + page)]
        subprocess.run(["wapiti", "-u", shop.banner["shop"] + "/v1", *pages, "--scope", "domain", "-H",
                        "Authorization: Bearer " + shop.token, "--flush-session", "-m", "all,-wapp,-ssrf,-log4shell", "-f", "json",
                        "-o", report.name, "--max-scan-time", "240"], capture_output=True, check=False)
        found = json.load(open(report.name, encoding="utf-8"))
    kinds = {**found["vulnerabilities"], **found["anomalies"]}
    infos = [each["info"] for kind in kinds.values() for each in kind]
    return {"pages": len(PAGES) + 1, "found": [each for each in infos if each not in EXPECTED]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kontor", required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=["schemathesis", "slowhttptest", "wapiti"])
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    if options.control:
        with Shop(options.kontor) as shop:
            found = schemathesis(shop, 1, lying_reference())["found"]
        print("a reference that lies: %d found" % len(found))
        return 0 if found else 1
    attacks = [("schemathesis", lambda shop, seed=seed: schemathesis(shop, seed)) for seed in range(1, options.seeds + 1)]
    attacks += [("slowhttptest", lambda shop, way=way, flags=flags: slowhttptest(shop, way, flags)) for way, flags in SLOW.items()]
    attacks.append(("wapiti", wapiti))
    results, bad = {}, 0
    for tool, attack in attacks:
        if options.only not in (None, tool):
            continue
        if tool != "schemathesis" and not shutil.which(tool):
            print("ABSENT  %s is not installed" % tool)
            continue
        with Shop(options.kontor) as shop:
            found = attack(shop)
            if shop.server_errors():
                found["found"].append("%d answers of 5xx" % shop.server_errors())
            if not shop.is_ready():
                found["found"].append("the shop is not ready afterwards")
        print("%-13s %s" % (tool, json.dumps(found)), flush=True)
        results.setdefault(tool, []).append(found)
        bad += bool(found["found"])
    if not options.only:
        revision = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
        KEPT.write_text(json.dumps({"revision": revision.stdout.strip(), **results}, indent=1) + "\n", encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
