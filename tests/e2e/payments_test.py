"""Payments from outside: the sandbox provider as a process of its own, signed webhooks in, and what is refused."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import socket
import time
import unittest
import urllib.parse
import urllib.request

import kontor as world
from kontor import Directory, require
from served import REFERENCE, Reply, Served, busy_port, order_body, stock_up

DOOR = "/v1/payments/webhooks/sandbox"


class Sandbox:
    """`kontor sandbox` on a free port; as a context it is closed in the end."""

    def __init__(self, secrets, webhooks, *flags, at=0):
        self.secrets = secrets
        self.process = world.Kontor().start("sandbox", "--port", at, "--secrets", secrets, "--webhooks", webhooks,
                                            "--again", 0.5, "--json", *flags)
        line = self.process.stdout.readline()
        require(line, "the provider opens")
        self.url = json.loads(line)["url"]
        with open(os.path.join(secrets, "api.key"), encoding="ascii") as file:
            self.key = file.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def book(self):
        asked = urllib.request.Request(self.url + "/v1/book", headers={"Authorization": "Bearer " + self.key})
        with urllib.request.urlopen(asked, timeout=15) as answer:
            return {row["payment_id"]: row for row in json.load(answer)["entries"]}


def free_port():
    """A port that nobody holds now, and the next one neither: the console takes that."""
    while True:
        holder, port = busy_port()
        with holder, socket.socket() as neighbour:
            try:
                neighbour.bind(("127.0.0.1", port + 1))
                return port
            except OSError:
                pass


def secrets_of(directory):
    with open(os.path.join(directory, "webhook.secrets"), encoding="ascii") as file:
        return [line.strip() for line in file if line.strip()]


def sign(secret, message_id, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = ("%s.%s." % (message_id, timestamp)).encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def knock(server, secret, message_id, body, ago=0, change=None):
    """A webhook from somebody who knows this secret; its status and problem."""
    url = urllib.parse.urlsplit(server.banner["shop"])
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=15)
    timestamp = str(int(time.time()) - ago)
    headers = {"Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": timestamp,
               "webhook-signature": sign(secret, message_id, timestamp, body)}
    connection.request("POST", DOOR, body if change is None else change(body), headers)
    answer = connection.getresponse()
    reply = Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    REFERENCE.check("POST", DOOR, reply)
    return reply.status, reply.json().get("name") if reply.body else None


class World:
    """A shop with a provider outside, on ports that stay the same when one of them starts again."""

    def __init__(self, here, *sandbox_flags):
        self.shop, self.secrets, self.port = here / "shop", here / "secrets", free_port()
        self.sandbox = Sandbox(self.secrets, "http://127.0.0.1:%d%s" % (self.port, DOOR), *sandbox_flags)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.__exit__()

    def serve(self, change=None):
        return Served(self.shop, "--payments", self.sandbox.url, change=change, port=self.port,
                      program=Configured(self.secrets))


class Configured(world.Kontor):
    """The program with the place of the provider's secrets in its environment: a name, no secret."""

    def __init__(self, secrets):
        self.secrets = secrets

    def start(self, *args, **options):
        return super().start(*args, environment={"KONTOR_PAYMENTS__SECRETS": self.secrets}, **options)


def placed(buyer, card, key):
    reply = buyer.ask("POST", "/v1/orders", order_body(buyer, units=1, card=card), key=key)
    require(reply.status == 201, "an order is placed: %s" % reply)
    return reply.headers["location"]


QUICK = ["tok_approve", "tok_webhook_first", "tok_twice", "tok_liar"]


def check_tokens_go_their_ways_through_a_provider_outside(good, seconds=20, change=None):
    with Directory() as here, World(here) as outside, outside.serve(change) as server:
        stock_up(server.console())
        buyer = server.shop(server.token)
        paths = {card: placed(buyer, card, "buy-" + card) for card in good + ["tok_decline"]}
        for card in good:
            order = buyer.until(paths[card], lambda o: o["state"] == "confirmed", card + " is confirmed", seconds)
            payment = order["payments"][0]
            require(payment["held"] == order["total"], "%s: the money is held: %s" % (card, payment))
            row = outside.sandbox.book()[payment["id"]]
            require(row["authorised"] == order["total"], "%s: the provider's book says so, too: %s" % (card, row))
        buyer.until(paths["tok_decline"], lambda o: [p["state"] for p in o["payments"]] == ["declined"],
                    "a declined card is declined")
        require(len(outside.sandbox.book()) == len(good) + 1, "one payment for each order: %s" % outside.sandbox.book())
        facts = [fact for fact in server.console().get("/v1/events?limit=200&type=payment.authorised")["data"]]
        require(len(facts) == len(good), "each is recorded once: %d" % len(facts))
        require(server.end().code == 0, "it closes in order")


def check_money_moves_at_a_provider_outside():
    with Directory() as here, World(here) as outside, outside.serve() as server:
        stock_up(server.console())
        buyer = server.shop(server.token)
        path = placed(buyer, "tok_approve", "walk")
        order = buyer.until(path, lambda o: o["state"] == "confirmed" and o["shipments"], "confirmed and packed")
        parcel = "/v1/shipments/" + order["shipments"][0]["id"]
        reply = buyer.ask("POST", parcel + "/dispatch", {"carrier": "post", "tracking": "T1"}, key="go")
        require(reply.status == 200, "it leaves: %s" % reply)
        buyer.until(path, lambda o: o["payments"][0]["captured"] == o["total"], "captured")
        require(buyer.ask("POST", parcel + "/deliver", {}, key="there").status == 200, "it arrives")
        buyer.until(path, lambda o: o["state"] == "completed", "completed")
        part = {"amount": 300, "currency": "GBP"}
        wish = {"kind": "goodwill", "amount": part, "reason": "arrived late"}
        reply = buyer.ask("POST", path + "/refunds", wish, key="back")
        require(reply.status == 202, "a refund is granted: %s" % reply)
        order = buyer.until(path, lambda o: o["payments"][0]["refunded"] == part, "refunded")
        row = outside.sandbox.book()[order["payments"][0]["id"]]
        require(row["captured"] == order["total"] and row["refunded"] == part, "the provider's book agrees: %s" % row)


def report_of(server, order):
    """What a provider would report of this order's payment: that the card was declined."""
    payment = order["payments"][0]["id"]
    return json.dumps({"key": "00000000000000000000000000", "payment_id": payment,
                       "outcome": {"card_declined": {"code": "card_declined", "may_retry": False}}}).encode()


def check_what_is_not_signed_is_refused(secret_of=None):
    with Directory() as here, World(here) as outside, outside.serve() as server:
        stock_up(server.console())
        buyer = server.shop(server.token)
        path = placed(buyer, "tok_approve", "one")
        order = buyer.until(path, lambda o: o["state"] == "confirmed", "confirmed")
        body, good = report_of(server, order), secrets_of(outside.secrets)[0]
        forger = secret_of(good) if secret_of else "whsec_" + base64.b64encode(b"a secret of somebody else").decode()
        require(knock(server, forger, "msg_a", body) == (401, "bad_signature"), "a forged webhook is refused")
        require(knock(server, good, "msg_a", body, change=lambda text: text + b" ") == (401, "bad_signature"),
                "a changed one, too")
        require(knock(server, good, "msg_a", body, ago=400) == (400, "webhook_too_old"), "an old one, too")
        require(knock(server, good, "msg_a", b"{}") == (400, "malformed"), "what is no report, too")
        for _ in range(2):
            require(knock(server, good, "msg_b", body)[0] == 200, "a signed one is taken, as often as it comes")
        require(buyer.get(path)["state"] == "confirmed", "what contradicts the book changes nothing")


def kill(server):
    server.process.send_signal(signal.SIGKILL)
    server.process.communicate()


def check_a_report_survives_the_shop(lose=False):
    """The answer never comes, the report is the only word: the shop dies, and is told again."""
    with Directory() as here, World(here) as outside:
        with outside.serve() as server:
            stock_up(server.console())
            buyer = server.shop(server.token)
            path = placed(buyer, "tok_webhook_first", "one")
            end = time.monotonic() + 5
            while not outside.sandbox.book() and time.monotonic() < end:
                time.sleep(0.001)
            kill(server)
        require(len(outside.sandbox.book()) == 1, "the money was held before the shop died")
        if lose:
            outside.sandbox.__exit__()
            outside.sandbox = Sandbox(outside.secrets, "http://127.0.0.1:%d%s" % (outside.port, DOOR))
        with outside.serve() as server:
            buyer = server.shop(server.token)
            order = buyer.until(path, lambda o: o["state"] == "confirmed", "confirmed after the crash", seconds=15)
            book = outside.sandbox.book()
            require(book[order["payments"][0]["id"]]["authorised"] == order["total"], "held once: %s" % book)
            facts = server.console().get("/v1/events?limit=200&type=payment.authorised")["data"]
            require(len(facts) == 1, "recorded once: %d" % len(facts))
            require(len(book) == 1 and not lose, "one payment, which the provider has not forgotten")


def check_no_secret_is_told():
    with Directory() as here, World(here) as outside, outside.serve() as server:
        words = [outside.sandbox.key] + [secret.removeprefix("whsec_") for secret in secrets_of(outside.secrets)]
        for name in "api.key", "webhook.secrets":
            mode = os.stat(os.path.join(outside.secrets, name)).st_mode
            require(mode & 0o077 == 0, "%s is for its owner: %o" % (name, mode))
        ended = server.end()
        for root, _, names in os.walk(outside.shop):
            for name in names:
                with open(os.path.join(root, name), "rb") as file:
                    text = file.read()
                require(not any(word.encode() in text for word in words), "a secret stands in %s" % name)
        require(not any(word in ended.out + ended.err for word in words), "a secret was said")


def metric(console, name):
    text = console.ask("GET", "/metrics").body.decode()
    return float(re.search(r'^%s\{downstream="payments"\} (\S+)$' % name, text, re.M).group(1))


def until_metric(console, name, value, seconds=15):
    end = time.monotonic() + seconds
    while metric(console, name) != value and time.monotonic() < end:
        time.sleep(0.05)
    require(metric(console, name) == value, "%s does not become %s" % (name, value))


def check_the_breaker_opens_and_closes_by_itself_and_by_hand(change=None):
    """Nobody pays into a void: calls stop when the provider is gone, and go on when it is back, or as somebody wants."""
    look = "/v1/ops/breakers/payments"
    with Directory() as here, World(here) as outside:
        def run(*args):
            answer = world.Kontor().run("breaker", *args, "--data", outside.shop, "--json")
            require(answer.code == 0, "it is done: %s" % answer)
            return answer.json()
        with outside.serve(change) as server:
            stock_up(server.console())
            console, buyer = server.console(), server.shop(server.token)
            path = placed(buyer, "tok_decline", "declined")
            buyer.until(path, lambda o: [p["state"] for p in o["payments"]] == ["declined"], "a card is declined")
            require(console.get(look)["bad"] == 0, "a declined card is a good answer: %s" % console.get(look))
            port = urllib.parse.urlsplit(outside.sandbox.url).port
            outside.sandbox.process.kill()
            outside.sandbox.process.communicate()
            path = placed(buyer, "tok_approve", "into-the-void")
            row = console.until(look, lambda now: now["state"] == "open", "it opens", seconds=5)
            require(row["forced"] == "none" and row["history"][-1]["to"] == "open" and row["history"][-1]["why"],
                    "and says why: %s" % row)
            require(buyer.get(path)["state"] == "placed", "the order waits")
            outside.sandbox = Sandbox(outside.secrets, "http://127.0.0.1:%d%s" % (outside.port, DOOR), at=port)
            row = console.until(look, lambda now: now["state"] == "closed", "it closes when the provider is back", seconds=15)
            require([each["to"] for each in row["history"]][-2:] == ["half_open", "closed"], "after a few tries: %s" % row)
            buyer.until(path, lambda o: o["state"] == "confirmed", "the order goes on", seconds=60)
            require(run("open", "payments", "--reason", "they asked us to")["forced"] == "open", "it is forced open")
            path = placed(buyer, "tok_approve", "held-back")
            time.sleep(1)
            require(buyer.get(path)["state"] == "placed", "and no call goes out")
            require(metric(console, "kontor_breaker_state") == 2, "metrics say so")
            require(server.end().code == 0, "the server ends meanwhile")
        with outside.serve(change) as server:
            console, buyer = server.console(), server.shop(server.token)
            row = console.get(look)
            require(row["forced"] == "open" and row["state"] == "open", "the next one leaves them alone, too: %s" % row)
            time.sleep(1)
            require(buyer.get(path)["state"] == "placed", "and no call goes out")
            require(run("auto", "payments", "--reason", "they are done")["forced"] == "none", "it is let go")
            buyer.until(path, lambda o: o["state"] == "confirmed", "and the order goes on", seconds=60)
            console.until(look, lambda now: now["state"] == "closed", "as all does", seconds=15)
            with open(os.path.join(outside.shop, "run", "kontor.log"), encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
            changes = [line["to"] for line in lines if line["message"] == "a circuit breaker has changed"]
            require(changes.count("open") >= 2 and changes[-1] == "closed", "the log has each change: %s" % changes)
            require(server.end().code == 0, "it closes in order")


def check_a_provider_that_is_down_is_seen_and_comes_back(change=None):
    with Directory() as here, World(here) as outside, outside.serve(change) as server:
        stock_up(server.console())
        console, buyer = server.console(), server.shop(server.token)

        def payments():
            return [row for row in console.get("/v1/ops/services")["data"] if row["name"] == "payments"][0]
        require(payments()["health"] == "up" and "degraded" not in console.get("/readyz"), "all is well at first")
        require(metric(console, "kontor_downstream_up") == 1 and metric(console, "kontor_breaker_state") == 0, "metrics say so")
        port = urllib.parse.urlsplit(outside.sandbox.url).port
        outside.sandbox.process.kill()
        outside.sandbox.process.communicate()
        path = placed(buyer, "tok_approve", "while-down")
        ready = console.until("/readyz", lambda answer: answer.get("degraded"), "the shop says what it is without", seconds=15)
        require(ready["status"] == "ready" and ready["degraded"][0].startswith("payments: "), "and is ready all the same: %s" % ready)
        row = payments()
        require(row["health"] == "down" and row["why"] and row["lag_ms"] >= 0, "services show it: %s" % row)
        require(console.get("/v1/ops/overview")["degraded"], "the overview, too")
        require(metric(console, "kontor_downstream_up") == 0 and metric(console, "kontor_breaker_state") in (1, 2), "and metrics")
        require(metric(console, "kontor_downstream_failures_total") >= 1, "which count")
        said = world.Kontor().run("top", "--count", 1, "--plain", "--data", outside.shop)
        require(said.code == 0 and "WITHOUT payments" in said.out, "and top: %s" % said)
        require(buyer.ask("GET", path).status == 200, "orders are taken meanwhile")
        outside.sandbox = Sandbox(outside.secrets, "http://127.0.0.1:%d%s" % (outside.port, DOOR), at=port)
        console.until("/readyz", lambda answer: "degraded" not in answer, "it comes back", seconds=15)
        require(payments()["health"] == "up", "everywhere")
        until_metric(console, "kontor_breaker_state", 0)
        later = placed(buyer, "tok_approve", "after")
        buyer.until(later, lambda o: o["state"] == "confirmed", "and takes money again")
        require(server.end().code == 0, "it closes in order")


def check_secrets_are_read_again_without_a_restart(change=None):
    with Directory() as here, World(here) as outside, outside.serve(change) as server:
        stock_up(server.console())
        console, buyer = server.console(), server.shop(server.token)
        path = placed(buyer, "tok_approve", "one")
        body = report_of(server, buyer.until(path, lambda o: o["state"] == "confirmed", "confirmed"))
        file, old = os.path.join(outside.secrets, "webhook.secrets"), secrets_of(outside.secrets)[0]
        new = "whsec_" + base64.b64encode(b"a new secret that both sides know").decode()

        def reload(key):
            return console.ask("POST", "/v1/ops/config/reload", {"reason": "rotation"}, key=key)

        def write(text):
            with open(file, "w", encoding="ascii") as into:
                into.write(text)
        write(old + "\n" + new + "\n")
        require(knock(server, new, "msg_n1", body)[0] == 401, "a file alone changes nothing")
        reply = reload("r1")
        require(reply.status == 200, "secrets are read again: %s" % reply)
        rows = {row["name"]: row["value"] for row in reply.json()["data"]}
        require(rows == {"payments.key": "unchanged", "payments.webhook_secrets": "changed"}, "and it says which: %s" % rows)
        require(new[6:] not in reply.body.decode(), "but none of them")
        require(knock(server, new, "msg_n2", body)[0] == 200 and knock(server, old, "msg_o1", body)[0] == 200, "both are taken")
        write("no secret\n")
        reply = reload("r2")
        require(reply.status == 400 and reply.json()["name"] == "settings" and "webhook.secrets:1" in reply.json()["detail"],
                "a bad file is refused with its place: %s" % reply)
        require(outside.secrets not in reply.body.decode(), "and not with its directory")
        require(knock(server, new, "msg_n3", body)[0] == 200, "the old ones stay")
        write(new + "\n")
        server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 5
        while knock(server, old, "msg_o%d" % time.monotonic_ns(), body)[0] != 401 and time.monotonic() < end:
            time.sleep(0.05)
        require(knock(server, old, "msg_o3", body)[0] == 401, "a hangup does the same: the old one is taken no more")
        require(knock(server, new, "msg_n4", body)[0] == 200, "and the new one is")
        said = world.Kontor().run("config", "reload", "--reason", "once more", "--data", outside.shop, "--json")
        require(said.code == 0 and "unchanged" in said.out, "the command line, too: %s" % said)
        with open(os.path.join(outside.secrets, "api.key"), "w", encoding="ascii") as into:
            into.write("a key that the provider does not know\n")
        require(reload("r3").json()["data"][0] == {"name": "payments.key", "value": "changed", "origin": "read again"}, "the key")
        placed(buyer, "tok_approve", "two")
        console.until("/readyz", lambda answer: answer.get("degraded") == ["payments: it refuses our key"], "a wrong key is seen")
        with open(os.path.join(outside.secrets, "api.key"), "w", encoding="ascii") as into:
            into.write(outside.sandbox.key + "\n")
        require(reload("r4").status == 200, "the right one is read again")
        console.until("/readyz", lambda answer: "degraded" not in answer, "and opens the provider")
        require(server.end().code == 0, "it closes in order")


class PaymentsFromOutside(unittest.TestCase):
    def test_the_breaker_opens_and_closes_by_itself_and_by_hand(self):
        check_the_breaker_opens_and_closes_by_itself_and_by_hand()

        def always_closed(_, path, reply):
            if path == "/v1/ops/breakers/payments":
                reply.body = reply.body.replace(b'"state":"open"', b'"state":"closed"')
        with self.assertRaises(AssertionError):
            check_the_breaker_opens_and_closes_by_itself_and_by_hand(change=always_closed)

    def test_a_provider_that_is_down_is_seen_and_comes_back(self):
        check_a_provider_that_is_down_is_seen_and_comes_back()

    def test_that_check_notices_a_service_that_is_always_well(self):
        def lie(_, path, reply):
            if path == "/v1/ops/services":
                reply.body = reply.body.replace(b'"down"', b'"up"')
        with self.assertRaises(AssertionError):
            check_a_provider_that_is_down_is_seen_and_comes_back(change=lie)

    def test_secrets_are_read_again_without_a_restart(self):
        check_secrets_are_read_again_without_a_restart()

    def test_that_check_notices_a_change_that_is_none(self):
        def lie(_, path, reply):
            if path == "/v1/ops/config/reload":
                reply.body = reply.body.replace(b'"unchanged"', b'"changed"')
        with self.assertRaises(AssertionError):
            check_secrets_are_read_again_without_a_restart(change=lie)

    def test_tokens_go_their_ways_through_a_provider_outside(self):
        check_tokens_go_their_ways_through_a_provider_outside(QUICK)

    def test_silence_is_no_answer_and_the_book_is_asked(self):
        check_tokens_go_their_ways_through_a_provider_outside(["tok_timeout"], seconds=45)

    def test_that_check_notices_what_is_recorded_twice(self):
        def lie(_, path, reply):
            if path.startswith("/v1/events"):
                reply.body = json.dumps({"data": json.loads(reply.body)["data"] * 2}).encode()
        with self.assertRaises(AssertionError):
            check_tokens_go_their_ways_through_a_provider_outside(QUICK[:2], change=lie)

    def test_money_moves_at_a_provider_outside(self):
        check_money_moves_at_a_provider_outside()

    def test_what_is_not_signed_is_refused(self):
        check_what_is_not_signed_is_refused()

    def test_that_check_notices_a_forger_who_knows_the_secret(self):
        with self.assertRaises(AssertionError):
            check_what_is_not_signed_is_refused(secret_of=lambda good: good)

    def test_a_report_survives_the_shop(self):
        check_a_report_survives_the_shop()

    def test_that_check_notices_a_provider_that_has_forgotten(self):
        with self.assertRaises(AssertionError):
            check_a_report_survives_the_shop(lose=True)

    def test_no_secret_is_told(self):
        check_no_secret_is_told()
