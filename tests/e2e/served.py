"""A server under test, and whoever asks it: HTTP with Python's own client, one connection for each asker."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse

import kontor as world
from kontor import require
from reference import Reference

REFERENCE = Reference()


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __str__(self):
        return "%d %s" % (self.status, self.body[:600].decode("utf-8", "replace"))

    def json(self):
        return json.loads(self.body)


class Asker:
    """One client with one connection that is kept. `change` may lie about what was answered. Every answer is held
    against the reference of the API."""

    def __init__(self, url, token=None, change=None):
        self.url, self.token, self.change = urllib.parse.urlsplit(url), token, change
        self.connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=15)

    def ask(self, method, path, body=None, key=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        if key:
            sent["Idempotency-Key"] = key
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(body)
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        reply = Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        if self.change:
            self.change(method, path, reply)
        REFERENCE.check(method, path, reply)
        return reply

    def get(self, path, **headers):
        reply = self.ask("GET", path, **headers)
        require(reply.status == 200, "GET %s: %s" % (path, reply))
        return reply.json()

    def until(self, path, holds, what, seconds=20):
        last, end = None, time.monotonic() + seconds
        while time.monotonic() < end:
            last = self.get(path)
            if holds(last):
                return last
            time.sleep(0.05)
        raise AssertionError("%s did not come true: %s" % (what, json.dumps(last)[:1500]))


class Served:
    """`kontor serve` on free ports, in a directory of its own; as a context it is closed in the end."""

    def __init__(self, directory, *flags, program=None, change=None, port=0):
        self.directory, self.change = directory, change
        self.process = (program or world.Kontor()).start("serve", "--data", directory, "--port", port, "--json", *flags)
        line = self.process.stdout.readline()
        if not line:
            _, err = self.process.communicate(timeout=30)
            raise AssertionError("the server did not open (exit code %s): %s" % (self.process.returncode, err))
        self.banner = json.loads(line)
        with open(os.path.join(directory, "run", "dev.token"), encoding="ascii") as file:
            self.token = file.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def shop(self, token=None):
        return Asker(self.banner["shop"], token, self.change)

    def console(self):
        return Asker(self.banner["console"], self.token, self.change)

    def end(self, signal_number=signal.SIGINT, seconds=20):
        """Closes it; its exit code, and what it said."""
        self.process.send_signal(signal_number)
        try:
            out, err = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise AssertionError("the server did not close within %d s" % seconds) from None
        return world.Answer(["serve"], self.process.returncode, out, err)


def stock_up(console, sku="MUG-1", price=899, units=50):
    """A product on the shelf, as an operator puts it there."""
    reply = console.ask("POST", "/v1/products", {"sku": sku, "title": "Oak Mug", "tax_class": "standard", "weight_g": 350},
                        key="add-" + sku)
    require(reply.status == 201, "a product is added: %s" % reply)
    reply = console.ask("PUT", "/v1/products/%s/price" % sku, {"price": {"amount": price, "currency": "GBP"}},
                        key="price-" + sku, If_Match=reply.headers["etag"])
    require(reply.status == 200, "a price is set: %s" % reply)
    reply = console.ask("POST", "/v1/inventory/%s/main/receipts" % sku, {"quantity": units, "reference": "note 7"},
                        key="receive-" + sku)
    require(reply.status == 201, "units arrive: %s" % reply)


def order_body(asker, sku="MUG-1", units=2, card="tok_approve"):
    lines = [{"sku": sku, "quantity": units}]
    quote = asker.ask("POST", "/v1/quotes", {"lines": lines, "currency": "GBP", "country": "GB"})
    require(quote.status == 200, "a basket has a price: %s" % quote)
    quote = quote.json()
    return {"lines": lines, "currency": "GBP", "shipping_method": quote.get("shipping_method", "standard"),
            "ship_to": {"name": "Ada Ashdown", "lines": ["1 Quay Street"], "city": "Bristol", "postcode": "BS1 4DJ",
                        "country": "GB"},
            "contact": {"email": "ada@example.org"}, "payment": {"method": "card", "token": card},
            "expected_total": quote["total"]}


def busy_port():
    """A port that somebody holds, with whoever holds it."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    holder.listen()
    return holder, holder.getsockname()[1]
