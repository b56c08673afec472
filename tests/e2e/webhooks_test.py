"""Webhooks out: facts come signed to whoever asked for them, whatever other receivers do, and after a crash, too.

The receiver checks signatures with its own code, written from the text of Standard Webhooks 1.0.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import threading
import time
import unittest

import kontor as world
from kontor import Directory, require
from served import Served, stock_up

STOCK = json.dumps({"source": ["kontor.stock"]})


class Loopback(world.Kontor):
    """The program with leave to call this machine."""

    def start(self, *args, **options):
        return super().start(*args, environment={"KONTOR_WEBHOOKS__LOOPBACK": "true"}, **options)

    def run(self, *args, **options):
        return world.Kontor.run(self, *args, **options)


class Receiver:
    """Somebody on this machine who takes messages, checks who signed them, and answers as it is told: a status, or a
    function of the message that may take its time."""

    def __init__(self, answers=200, port=0):
        self.answers, self.heard, self.secrets, self.wrong = answers, [], [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.take(self.headers, body)
                status = outer.answers(body) if callable(outer.answers) else outer.answers
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", "2")
                    self.end_headers()
                    self.wfile.write(b"ok")
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d/in" % self.port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def take(self, headers, body):
        identity, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
        if self.secrets and not signed(identity, timestamp, body, headers["webhook-signature"], self.secrets):
            self.wrong.append(identity)
        if abs(int(timestamp) - time.time()) > 300 or "." in identity:
            self.wrong.append(identity)
        self.heard.append((identity, json.loads(body), headers))

    def ids(self):
        return [identity for identity, _, _ in self.heard]

    def until(self, count, what, seconds=20):
        end = time.monotonic() + seconds
        while len(set(self.ids())) < count and time.monotonic() < end:
            time.sleep(0.02)
        require(len(set(self.ids())) >= count, "%s: %d of %d came" % (what, len(set(self.ids())), count))
        require(not self.wrong, "all of it is signed by the shop, just now: %s" % self.wrong)


def signed(identity, timestamp, body, header, secrets):
    """Standard Webhooks 1.0: the content `id.timestamp.payload` under HMAC-SHA256; several signatures with blanks between
    them, of which one must be ours."""
    for secret in secrets:
        require(secret.startswith("whsec_"), "a secret has its prefix")
        key = base64.b64decode(secret[len("whsec_"):], validate=True)
        require(24 <= len(key) <= 64, "a secret has 24 to 64 bytes")
        content = b"%s.%s.%s" % (identity.encode(), timestamp.encode(), body)
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        for each in header.split(" "):
            version, _, signature = each.partition(",")
            if version == "v1" and hmac.compare_digest(signature, expected):
                return True
    return False


def serve(here, port=0):
    return Served(here / "shop", program=Loopback(), port=port)


def add(shop, receiver, pattern=STOCK, key=None):
    reply = shop.ask("POST", "/v1/webhooks", {"url": receiver.url, "pattern": pattern}, key=key or receiver.url)
    require(reply.status == 201, "a webhook is added: %s" % reply)
    hook = reply.json()
    receiver.secrets = [hook["secret"]]
    return hook


def goods_come(console, count, name="note"):
    for number in range(count):
        reply = console.ask("POST", "/v1/inventory/MUG-1/main/receipts", {"quantity": 1, "reference": "%s %d" % (name, number)},
                            key="%s-%d" % (name.replace(" ", "-"), number))
        require(reply.status == 201, "units arrive: %s" % reply)


def check_facts_come_signed_in_the_envelope_of_cloud_events(forge=None):
    with Directory() as here, Receiver() as books, serve(here) as server:
        console = server.console()
        stock_up(console)
        hook = add(server.shop(server.token), books)
        if forge:
            books.secrets = [forge]
        goods_come(console, 3)
        books.until(3, "three facts")
        for identity, body, headers in books.heard:
            require(body["specversion"] == "1.0" and body["type"] == "kontor.stock.received.v1", "as CloudEvents: %s" % body)
            require(body["source"] == "/kontor/stock" and body["subject"] == "stock-main.MUG-1", "from the shelf: %s" % body)
            require(identity == "%s_%s" % (hook["id"], body["position"]), "named by hook and fact: %s" % identity)
            require(headers["content-type"].startswith("application/cloudevents+json"), "its type is said")
        facts = {fact["id"]: fact["data"] for fact in console.get("/v1/events?type=stock.received&limit=200")["data"]}
        for _, body, _ in books.heard:
            require(facts[body["id"]] == body["data"], "the data are the fact's: %s" % body)


def check_slow_dead_and_failing_receivers_delay_nobody(all_slow=False):
    """One says nothing, one answers 500, nobody is where a third should be: the good one hears everything at once."""
    stop = threading.Event()

    def slowly(_):
        stop.wait(30)
        return 200

    with Directory() as here, Receiver(slowly) as slow, Receiver(500) as failing, \
            Receiver(slowly if all_slow else 200) as good, serve(here) as server:
        console, shop = server.console(), server.shop(server.token)
        stock_up(console)
        for receiver in slow, failing:
            add(shop, receiver)
        reply = shop.ask("POST", "/v1/webhooks", {"url": "http://127.0.0.1:1/", "pattern": STOCK}, key="nobody")
        require(reply.status == 201, "nobody lives there yet: %s" % reply)
        add(shop, good)
        try:
            goods_come(console, 100)
            good.until(100, "the good one hears everything", seconds=10)
        finally:
            stop.set()
        require(len(set(slow.ids())) <= 4, "a slow one has four calls at a time: %d" % len(slow.heard))


def check_what_failed_comes_again_under_its_id(tries=2):
    failures = iter([503] * (tries - 1))
    with Directory() as here, Receiver(lambda _: next(failures, 204)) as books, serve(here) as server:
        console, shop = server.console(), server.shop(server.token)
        stock_up(console)
        hook = add(shop, books)
        goods_come(console, 1)
        end = time.monotonic() + 15
        while len(books.heard) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        require(len(books.heard) == 2 and len(set(books.ids())) == 1, "it comes twice: %s" % books.ids())
        stamps = [int(headers["webhook-timestamp"]) for _, _, headers in books.heard]
        require(stamps[1] - stamps[0] in (5, 6), "five seconds later, and signed anew: %s" % stamps)
        look = "/v1/webhooks/%s/deliveries" % hook["id"]
        shown = shop.until(look, lambda page: len(page["data"]) == 2, "both tries are listed")["data"]
        require([(row["outcome"], row["status"]) for row in shown] == [("delivered", 204), ("failed", 503)],
                "the newest first: %s" % shown)
        reply = shop.ask("POST", look + "/%s/resend" % shown[0]["delivery"], key="again")
        require(reply.status == 202, "it may be sent again: %s" % reply)
        end = time.monotonic() + 10
        while len(books.heard) < 3 and time.monotonic() < end:
            time.sleep(0.05)
        require(len(books.heard) == 3 and len(set(books.ids())) == 1, "under the same id: %s" % books.ids())
        reply = shop.ask("POST", look + "/%s_1/resend" % hook["id"], key="never")
        require(reply.status == 404, "what was no public fact is unknown: %s" % reply)


def check_one_that_is_gone_is_disabled_and_may_come_back():
    with Directory() as here, Receiver(410) as books, serve(here) as server:
        console, shop = server.console(), server.shop(server.token)
        stock_up(console)
        hook = add(shop, books)
        look = "/v1/webhooks/" + hook["id"]
        goods_come(console, 1, "first")
        shown = shop.until(look, lambda now: not now["enabled"], "it is disabled")
        require(shown["disabled_by"]["why"] == "gone", "and it is said why: %s" % shown)
        goods_come(console, 2, "more")
        time.sleep(0.5)
        require(len(books.heard) == 1, "it hears nothing more: %s" % books.ids())
        reply = shop.ask("POST", look + "/test", key="test")
        require(reply.status == 409 and reply.json()["name"] == "webhook_disabled", "nor a test: %s" % reply)
        books.answers = 200
        reply = shop.ask("PATCH", look, {"enabled": True}, key="on", If_Match='"v%d"' % shown["version"])
        require(reply.status == 200, "it is enabled again: %s" % reply)
        books.until(3, "what came meanwhile")


def check_after_a_crash_nothing_is_missing(lose=False):
    """kill -9 while deliveries are under way, fail and wait: every fact arrives, under one id."""
    with Directory() as here, Receiver() as books:
        answered = []

        def moody(_):
            answered.append(None)
            time.sleep(0.01)
            return 500 if len(answered) % 7 == 0 else 200

        books.answers = moody
        with serve(here) as server:
            console = server.console()
            stock_up(console)
            add(server.shop(server.token), books)
        for life in range(3):
            with serve(here) as server:
                goods_come(server.console(), 40, "life %d" % life)
                time.sleep(0.2 * life)
                server.process.send_signal(signal.SIGKILL)
                server.process.communicate()
        if lose:
            books.heard = [each for each in books.heard if each[1]["position"] != books.heard[0][1]["position"]]
        books.answers = 200
        with serve(here) as server:
            # The goods of stock_up came before the webhook did.
            facts = [fact for fact in server.console().get("/v1/events?type=stock.received&limit=200")["data"]
                     if fact["data"]["reference"].startswith("life")]
            require(len(facts) == 120, "what was answered stands: %d" % len(facts))
            books.until(120, "every fact", seconds=3 if lose else 30)
            wanted = {str(fact["position"]) for fact in facts}
            came = {body["position"]: identity for identity, body, _ in books.heard}
            require(set(came) == wanted, "these and no others: %s" % (wanted ^ set(came)))
            for identity, body, _ in books.heard:
                require(came[body["position"]] == identity, "one id for one fact: %s" % identity)


def check_two_secrets_sign_after_a_rotation():
    with Directory() as here, Receiver() as books, serve(here) as server:
        console, shop = server.console(), server.shop(server.token)
        stock_up(console)
        hook = add(shop, books)
        old = hook["secret"]
        look = "/v1/webhooks/" + hook["id"]
        reply = shop.ask("POST", look + "/rotate", key="rotate")
        require(reply.status == 200, "the secret is changed: %s" % reply)
        new = reply.json()["secret"]
        require(new != old, "it is another one")
        goods_come(console, 1)
        books.until(1, "a fact")
        identity, _, headers = books.heard[0]
        require(len(headers["webhook-signature"].split(" ")) == 2, "two signatures: %s" % headers)
        books.secrets = [new]
        goods_come(console, 1, "second")
        books.until(2, "another fact")
        require(identity.startswith(hook["id"]), "of this webhook")
        shown = shop.get("/v1/webhooks")["data"]
        require(len(shown) == 1 and "secret" not in shown[0], "no list shows a secret: %s" % shown)
        server.end()
        for root, _, names in os.walk(here / "shop"):
            for name in names:
                with open(os.path.join(root, name), "rb") as file:
                    text = file.read()
                require(old.encode() not in text and new.encode() not in text, "a secret stands in %s" % name)
                raw = base64.b64decode(old.removeprefix("whsec_"))
                require(raw not in text, "a secret stands in %s" % name)


def check_addresses_of_a_house_are_refused():
    with Directory() as here, Served(here / "shop") as server:
        shop = server.shop(server.token)
        for number, url in enumerate(["http://example.org/", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/",
                                      "https://169.254.169.254/latest/meta-data", "https://localhost/", "https://2130706433/",
                                      "https://user@example.org/", "ftp://example.org/"]):
            reply = shop.ask("POST", "/v1/webhooks", {"url": url, "pattern": STOCK}, key="bad-%d" % number)
            require(reply.status == 422 and reply.json()["name"] == "address_refused", "%s: %s" % (url, reply))
        reply = shop.ask("POST", "/v1/webhooks", {"url": "https://example.org/", "pattern": '{"source":[{"prefx":"a"}]}'},
                         key="pattern")
        require(reply.status == 422 and reply.json()["name"] == "pattern_invalid", "a pattern is read: %s" % reply)


def check_the_commands():
    with Directory() as here, Receiver() as books, serve(here) as server:
        def run(*words):
            answer = world.Kontor().run("webhook", *words, "--data", here / "shop", "--json")
            require(answer.code == 0, "kontor webhook %s: %s" % (words[0], answer.err))
            return [json.loads(line) for line in answer.out.splitlines() if line]

        hook = run("add", books.url, "--pattern", STOCK, "--description", "the books")[0]
        books.secrets = [hook["secret"]]
        end = time.monotonic() + 5  # who delivers takes it up from the log
        while not (listed := run("list")) and time.monotonic() < end:
            time.sleep(0.05)
        require([each["id"] for each in listed] == [hook["id"]], "it is listed: %s" % listed)
        run("test", hook["id"])
        books.until(1, "a test")
        require(books.heard[0][1]["type"] == "kontor.webhook.tested.v1", "which says that it is one: %s" % books.heard)
        rotated = run("rotate", hook["id"])[0]
        books.secrets = [rotated["secret"]]
        end = time.monotonic() + 5
        while not (rows := run("deliveries", hook["id"])) and time.monotonic() < end:
            time.sleep(0.1)
        require(rows[0]["outcome"] == "delivered", "it is in the list: %s" % rows)
        run("resend", hook["id"], rows[0]["delivery"])
        end = time.monotonic() + 5
        while len(books.heard) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        require(len(books.heard) == 2 and not books.wrong, "it comes again: %s" % books.ids())
        require(run("change", hook["id"], "--enabled", "false")[0]["enabled"] is False, "it is disabled")
        require(run("show", hook["id"])[0]["enabled"] is False, "and shown so")
        text = server.console().ask("GET", "/metrics").body.decode()
        require(re.search(r'^kontor_webhook_tries_total\{outcome="delivered"\} 2$', text, re.M), "tries are counted")
        require('kontor_webhook_lag_events{webhook="%s"}' % hook["id"] in text, "and how far it is behind")
        run("remove", hook["id"])
        require(run("list") == [], "it is gone")


class Webhooks(unittest.TestCase):
    def test_facts_come_signed_in_the_envelope_of_cloud_events(self):
        check_facts_come_signed_in_the_envelope_of_cloud_events()
        with self.assertRaises(AssertionError):
            check_facts_come_signed_in_the_envelope_of_cloud_events("whsec_" + base64.b64encode(b"x" * 32).decode())

    def test_slow_dead_and_failing_receivers_delay_nobody(self):
        check_slow_dead_and_failing_receivers_delay_nobody()
        with self.assertRaises(AssertionError):
            check_slow_dead_and_failing_receivers_delay_nobody(all_slow=True)

    def test_what_failed_comes_again_under_its_id(self):
        check_what_failed_comes_again_under_its_id()
        with self.assertRaises(AssertionError):
            check_what_failed_comes_again_under_its_id(tries=1)

    def test_one_that_is_gone_is_disabled_and_may_come_back(self):
        check_one_that_is_gone_is_disabled_and_may_come_back()

    def test_after_a_crash_nothing_is_missing(self):
        check_after_a_crash_nothing_is_missing()
        with self.assertRaises(AssertionError):
            check_after_a_crash_nothing_is_missing(lose=True)

    def test_two_secrets_sign_after_a_rotation(self):
        check_two_secrets_sign_after_a_rotation()

    def test_addresses_of_a_house_are_refused(self):
        check_addresses_of_a_house_are_refused()

    def test_the_commands(self):
        check_the_commands()
