"""The running shop: a purchase from placing to refund, twice the same key across a crash, closing under load."""

import collections
import http.client
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import threading
import time
import unittest

from kontor import Directory, Kontor, Liar, import_sample, require
from served import Asker, Served, busy_port, order_body, stock_up


def check_a_purchase_goes_from_placing_to_refund(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console, buyer = server.console(), server.shop(server.token)
        stock_up(console)
        placed = buyer.ask("POST", "/v1/orders", order_body(buyer), key="walk-1")
        require(placed.status == 201, "an order is placed: %s" % placed)
        order = placed.json()
        path = placed.headers["location"]
        require(path == "/v1/orders/" + order["id"], "the answer says where it is: %s" % placed.headers)
        order = buyer.until(path, lambda o: o["state"] == "confirmed" and o["shipments"], "confirmed and packed")
        require(order["payments"][0]["held"] == order["total"], "the money is held: %s" % order["payments"])
        parcel = "/v1/shipments/" + order["shipments"][0]["id"]
        reply = buyer.ask("POST", parcel + "/dispatch", {"carrier": "post", "tracking": "T1"}, key="walk-2")
        require(reply.status == 200, "the parcel leaves: %s" % reply)
        buyer.until(path, lambda o: o["payments"][0]["captured"] == o["total"], "captured when it left")
        reply = buyer.ask("POST", parcel + "/deliver", {}, key="walk-3")
        require(reply.status == 200, "the parcel arrives: %s" % reply)
        order = buyer.until(path, lambda o: o["state"] == "completed", "completed")
        part = {"amount": 500, "currency": "GBP"}
        reply = buyer.ask("POST", path + "/refunds", {"kind": "goodwill", "amount": part, "reason": "arrived scratched"},
                          key="walk-4")
        require(reply.status == 202, "a refund is granted: %s" % reply)
        order = buyer.until(path, lambda o: o["payments"][0]["refunded"] == part, "refunded")
        require(order["net"]["amount"] == order["total"]["amount"] - 500, "the sums agree: %s" % order)
        shelf = console.get("/v1/inventory/MUG-1/main")
        require(shelf["on_hand"] == 48 and shelf["reserved"] == 0, "two mugs have left: %s" % shelf)
        ended = server.end()
        require(ended.code == 0, "it closes in order: %s" % ended)


def check_the_command_line_buys_and_refunds(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop = here / "shop"

        def run(*args):
            answer = kontor.run(*args, "--data", shop, "--json")
            require(answer.code == 0, "it is done: %s" % answer)
            return answer

        require(run("health").json()["status"] == "ready", "the shop is ready")
        run("product", "add", "MUG-1", "--title", "Oak Mug", "--price", 899, "--weight", 350)
        run("stock", "receive", "MUG-1", 20)
        placed = run("order", "place", "--demo", "--line", "MUG-1=2", "--key", "cli-walk", "--wait", 8).json()
        again = kontor.run("order", "place", "--demo", "--line", "MUG-1=2", "--key", "cli-walk", "--data", shop, "--json")
        require(again.json()["id"] == placed["id"], "the same key is the same order: %s" % again)
        require([row["id"] for row in run("order", "list").json_lines()] == [placed["id"]], "one order is there")
        buyer = server.shop(server.token)
        order = buyer.until("/v1/orders/" + placed["id"], lambda o: o["shipments"], "packed")
        parcel = order["shipments"][0]["id"]
        buyer.ask("POST", "/v1/shipments/%s/dispatch" % parcel, {"carrier": "post", "tracking": "T1"}, key="a")
        buyer.ask("POST", "/v1/shipments/%s/deliver" % parcel, {}, key="b")
        buyer.until("/v1/orders/" + placed["id"], lambda o: o["state"] == "completed", "completed")
        run("order", "refund", placed["id"], "--amount", 300, "--reason", "arrived late")
        buyer.until("/v1/orders/" + placed["id"], lambda o: o["payments"][0]["refunded"]["amount"] == 300, "refunded")
        shown = run("order", "show", placed["id"]).json()
        require(shown["state"] == "completed", "the order is shown: %s" % shown)
        cancelled = kontor.run("order", "cancel", placed["id"], "--reason", "too late", "--data", shop)
        require(cancelled.code == 4, "what has shipped cannot be cancelled: %s" % cancelled)
        facts = run("tail", "--after", 0, "--limit", 3).json_lines()
        require([fact["position"] for fact in facts] == [1, 2, 3], "the facts come in their sequence: %s" % facts)
        require(server.end().code == 0, "it closes in order")
        gone = kontor.run("health", "--url", server.banner["console"])
        require(gone.code == 5, "nobody answers any more: %s" % gone)


def place_and_kill(server, body, key):
    """Sends an order and kills the server without reading what it says."""
    raw = http.client.HTTPConnection("127.0.0.1", int(server.banner["shop"].rsplit(":", 1)[1]))
    raw.request("POST", "/v1/orders", json.dumps(body),
                {"Content-Type": "application/json", "Authorization": "Bearer " + server.token, "Idempotency-Key": key})
    server.process.kill()
    server.process.communicate()


def check_an_order_across_a_crash_is_one_order_and_the_same_bytes(change=None):
    with Directory() as here:
        shop = here / "shop"
        with Served(shop) as server:
            stock_up(server.console())
            body = order_body(server.shop(server.token))
            place_and_kill(server, body, "crash-1")
        replies = []
        for _ in range(2):
            with Served(shop, change=change) as server:
                buyer = server.shop(server.token)
                for _ in range(2):
                    replies.append(buyer.ask("POST", "/v1/orders", body, key="crash-1"))
                server.process.kill()
        require(all(reply.status == 201 for reply in replies), "the order is placed: %s" % replies[0])
        require(len({reply.body for reply in replies}) == 1, "the same bytes each time: %s" % set(r.body for r in replies))
        require(all(reply.headers.get("idempotency-replayed") == "true" for reply in replies[1:]), "a repetition says so")
        with Served(shop) as server:
            buyer = server.shop(server.token)
            page = buyer.until("/v1/orders", lambda page: page["data"], "the order is listed")
            require(len(page["data"]) == 1, "one key, one order: %s" % page)
            other = order_body(buyer, units=1)
            require(buyer.ask("POST", "/v1/orders", other, key="crash-1").status == 422, "another body is refused")


class Load(threading.Thread):
    """Places orders until nobody takes them; a request that was sent and not answered has failed."""

    def __init__(self, server, number, body):
        super().__init__()
        self.server, self.number, self.body = server, number, body
        self.placed, self.failed = 0, []

    def run(self):
        while True:
            try:
                asker = Asker(self.server.banner["shop"], self.server.token)
                asker.connection.connect()
            except OSError:
                return
            closed = False
            while not closed:
                try:
                    reply = asker.ask("POST", "/v1/orders", self.body, key="load-%d-%d" % (self.number, self.placed))
                except (http.client.HTTPException, OSError) as error:
                    self.failed.append(repr(error))
                    return
                if reply.status == 503:
                    return
                if reply.status != 201:
                    self.failed.append(str(reply))
                    return
                self.placed += 1
                closed = reply.headers.get("connection", "").lower() == "close"


def check_closing_under_load_fails_no_request(signal_number=signal.SIGINT):
    with Directory() as here, Served(here / "shop") as server:
        stock_up(server.console(), units=100000)
        body = order_body(server.shop(server.token), units=1)
        load = [Load(server, number, body) for number in range(8)]
        for each in load:
            each.start()
        time.sleep(1.5)
        began = time.monotonic()
        ended = server.end(signal_number)
        seconds = time.monotonic() - began
        for each in load:
            each.join(timeout=20)
        failed = [failure for each in load for failure in each.failed]
        require(not failed, "no request fails: %d did, such as %s" % (len(failed), failed[:1]))
        require(ended.code == 0, "it closes in order: %s" % ended)
        require(seconds < 10, "it closes within ten seconds, not %.1f" % seconds)
        placed = sum(each.placed for each in load)
        require(placed > 100, "there was load: %d orders" % placed)
        answer = Kontor().run("order", "list", "--limit", 1000000, "--data", here / "shop", "--json")
        require(len(answer.json_lines()) == placed, "each answered order is in the log, and no other: %d of %d" %
                (len(answer.json_lines()), placed))


# A metric has a thousand lines at most.
SERIES_MAX = 1000
LINE = re.compile(r'^[a-z][a-z0-9_]*(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [-+]?([0-9.e+-]+|Inf|NaN)$')


def check_metrics_are_what_prometheus_reads(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        console.get("/v1/products")
        reply = console.ask("GET", "/metrics")
        require(reply.status == 200 and reply.headers["content-type"].startswith("text/plain"), "metrics: %s" % reply)
        text = reply.body.decode()
        for line in text.splitlines():
            require(line.startswith("# ") or LINE.match(line), "not a line of Prometheus' format: %s" % line)
        for name in ("kontor_journal_durable_position", "kontor_follower_lag_events", "kontor_follower_lag_seconds",
                     "kontor_checkout_open", "kontor_disk_free_bytes", "kontor_http_requests_total", "kontor_shed_total",
                     "kontor_desk_commands_total", "kontor_clock_skew_seconds", "kontor_http_request_seconds_bucket"):
            require(re.search(r"^%s[ {]" % name, text, re.M), "the metric %s is missing" % name)
        lines = collections.Counter(line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("# "))
        for name, count in lines.items():
            require(count <= SERIES_MAX, "%d lines of %s: who reads them keeps each" % (count, name))
        shown = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
        with open(os.path.join(os.path.dirname(__file__), "../../docs/reference/metrics.md"), encoding="utf-8") as page:
            told = set(re.findall(r"^\| `(kontor_[a-z_]+)`", page.read(), re.M))
        require(shown == told, "docs/reference/metrics.md lacks %s and tells of %s" % (shown - told, told - shown))
        require(server.shop().ask("GET", "/metrics").status != 200, "customers do not see metrics")


def check_promtool_finds_nothing(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        reply = server.console().ask("GET", "/metrics")
        checked = subprocess.run(["promtool", "check", "metrics"], input=reply.body, capture_output=True, check=False)
        require(checked.returncode == 0, "promtool: %s" % (checked.stdout + checked.stderr).decode())


def check_the_demo_sells_through_the_port(kontor):
    with Directory() as here:
        answer = kontor.run("serve", "--demo=20", "--demo-orders", 40, "--for", 14, "--port", 0, "--data", here / "demo")
        require(answer.code == 0, "it closes by itself: %s" % answer)
        require("40 orders placed" in answer.out and " 0 failed." in answer.out, "40 orders were placed: %s" % answer)
        listed = kontor.run("order", "list", "--limit", 1000, "--data", here / "demo", "--json").json_lines()
        require(len(listed) == 40, "they are in the log: %d" % len(listed))
        require(any(row["state"] == "completed" for row in listed), "parcels arrive in seconds: %s" % listed[:3])


def check_what_is_refused(kontor):
    holder, port = busy_port()
    with Directory() as here, holder:
        shop = here / "shop"
        busy = kontor.run("serve", "--port", port, "--data", shop)
        require(busy.code == 5 and "process %d" % os.getpid() in busy.err, "a busy port, and who holds it: %s" % busy)
        open_wide = kontor.run("serve", "--listen", "0.0.0.0", "--port", 0, "--data", shop)
        require(open_wide.code == 2, "no developer beyond this machine: %s" % open_wide)
        imported = here / "imported"
        import_sample(Kontor(), imported)
        refused = kontor.run("serve", "--demo", "--port", 0, "--for", 1, "--data", imported)
        require(refused.code == 4, "no demo among real orders: %s" % refused)
        with Served(here / "open") as server:
            second = kontor.run("serve", "--port", 0, "--data", here / "open")
            require(second.code == 5, "one server for a directory: %s" % second)
            require(server.end(signal.SIGTERM).code == 0, "the first one closes in order")


def check_operators_get_in_and_set_limits(kontor, password="a horse and a cart"):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args):
            answer = kontor.run(*args, "--data", shop, "--json")
            require(answer.code == 0, "it is done: %s" % answer)
            return answer

        stock_up(console)
        made = console.ask("PUT", "/v1/ops/users/ada", {"roles": ["operations"], "password": "a horse and a cart",
                                                        "reason": "on call"})
        require(made.status == 200, "a user is added: %s" % made)
        require([row["name"] for row in run("user", "list").json_lines()] == ["ada"], "and listed")
        browser = Asker(server.banner["console"])
        signed_in = browser.ask("POST", "/v1/session", {"user": "ada", "password": password})
        require(signed_in.status == 201, "she signs in: %s" % signed_in)
        cookie = signed_in.headers["set-cookie"].split(";")[0]
        require(browser.get("/v1/session", Cookie=cookie)["name"] == "ada", "and is known by her name")
        require(browser.ask("POST", "/v1/session", {"user": "ada", "password": "x"}).status == 401, "not with another")
        csrf = signed_in.json()["csrf"]
        require(browser.ask("DELETE", "/v1/session", Cookie=cookie, Kontor_Csrf=csrf).status == 204, "she signs out")
        token = run("token", "create", "till", "--role", "service", "--reason", "the till").json()
        require(Asker(server.banner["shop"], token["secret"]).ask("GET", "/v1/orders").status == 200, "a key opens")
        run("token", "revoke", token["id"], "--reason", "it was stolen")
        require(Asker(server.banner["shop"], token["secret"]).ask("GET", "/v1/orders").status == 401, "it is withdrawn")
        require(run("event", "show", 1).json()["position"] == 1, "a fact is shown")
        require(run("stream", "list", "--limit", 1).json()["stream"], "streams are listed")
        run("limit", "set", "address", 7, "--window-ms", 60000, "--reason", "a quiet day")
        require(server.end().code == 0, "it closes in order")
        with Served(shop) as again:
            limits = {row["name"]: row for row in run("limit", "list").json_lines()}
            require(limits["address"]["count_max"] == 7 and limits["address"]["origin"] == "live", "kept: %s" % limits)
            gone = Asker(again.banner["console"]).ask("GET", "/v1/session", Cookie=cookie)
            require(gone.status == 401, "who signed out stays signed out: %s" % gone)
            require(again.console().get("/v1/ops/overview")["ready"], "all is well")


READER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "crash", "journal_reader.py")


def read_by_a_stranger(shop, *more):
    read = subprocess.run(["/usr/bin/python3", "-B", READER, os.path.join(shop, "journal"), *more], capture_output=True, text=True,
                          encoding="utf-8", check=False)
    if read.returncode == 77:
        raise unittest.SkipTest(read.stderr.strip())
    require(read.returncode == 0, "the second reader reads it: %s %s" % (read.stdout[-500:], read.stderr[-500:]))
    return read.stdout


def facts_of_a_stranger(shop, *more):
    """{stream: its facts in sequence}."""
    facts = collections.defaultdict(list)
    for line in read_by_a_stranger(shop, "--facts", *more).splitlines():
        if line.startswith("fact "):
            fact = json.loads(line[len("fact "):])
            facts[fact["stream"]].append(fact)
    return facts


def check_a_stranger_reads_the_same_fields(kontor, shop, enough=3):
    """What the pages of the format say of payloads is what the program reads in them, field by field; of a large shop
    in as many streams as have `enough` facts of each type."""
    compared = collections.Counter()
    for stream, facts in facts_of_a_stranger(shop).items():
        if all(compared[fact["type"]] >= enough for fact in facts):
            continue
        answer = kontor.run("stream", "show", stream, "--limit", 10000, "--data", shop, "--json")
        require(answer.code == 0, "the program shows it: %s" % answer)
        shown = [{name: row[name] for name in facts[0]} for row in answer.json_lines()]
        for ours, theirs in zip(shown, facts, strict=True):
            require(ours == theirs, "%s at %d: %s, and %s" % (theirs["type"], theirs["position"], ours, theirs))
            compared[theirs["type"]] += 1
    return compared


KINDS = "order.placed", "order.confirmed", "stock.received", "stock.reserved", "payment.authorised", "payment.captured"


def check_a_stranger_reads_what_a_served_shop_writes(kontor,
                                                     wanted=("order-", "queue-", "webhook-", "process-", "documents-")):
    """The second reader was written from the format page alone: it must know all that a shop writes."""
    with Directory() as here:
        with Served(here / "shop") as server:
            console, buyer = server.console(), server.shop(server.token)
            stock_up(console)
            reply = console.ask("POST", "/v1/webhooks", {"url": "https://example.org/", "pattern": '{"source":["kontor.order"]}'},
                                key="hook")
            require(reply.status == 201, "a webhook is added: %s" % reply)
            placed = buyer.ask("POST", "/v1/orders", order_body(buyer), key="read-1")
            path = placed.headers["location"]
            order = buyer.until(path, lambda o: o["state"] == "confirmed" and o["shipments"], "confirmed and packed")
            parcel = "/v1/shipments/" + order["shipments"][0]["id"]
            buyer.ask("POST", parcel + "/dispatch", {"carrier": "post", "tracking": "T1"}, key="read-2")
            buyer.until(path, lambda o: o["documents"], "it has its invoice")
            require(server.end().code == 0, "the server closes")
        shop = here / "shop"
        read = read_by_a_stranger(shop)
        for kind in wanted:
            require(re.search(r"^event \d+ %s" % kind, read, re.M), "it has facts of %s" % kind)
        compared = check_a_stranger_reads_the_same_fields(kontor, shop)
        for kind in KINDS:
            require(compared[kind], "it has facts of %s: %s" % (kind, compared))
        sealed = facts_of_a_stranger(shop)["order-" + order["id"][len("ord_"):]][0]["data"]
        require(list(sealed["contact"]) == ["sealed"], "who bought is sealed: %s" % sealed["contact"])
        opened = facts_of_a_stranger(shop, os.path.join(shop, "keys"))["order-" + order["id"][len("ord_"):]][0]["data"]
        require(opened["contact"]["email"] == "ada@example.org" and opened["ship_to"]["lines"] == ["1 Quay Street"] and
                opened["payment"]["token"] == "tok_approve", "with the keys it is read: %s" % opened)


def check_a_stranger_reads_an_import(kontor):
    with Directory() as here:
        require(import_sample(Kontor(), here / "shop").code == 0, "the sample is imported")
        compared = check_a_stranger_reads_the_same_fields(kontor, here / "shop")
        for kind in "order.placed", "stock.received", "payment.refunded":
            require(compared[kind], "it has facts of %s: %s" % (kind, compared))


class ServedShop(unittest.TestCase):
    def test_a_stranger_reads_what_a_served_shop_writes(self):
        check_a_stranger_reads_what_a_served_shop_writes(Kontor())

    def test_that_check_notices_what_was_not_read(self):
        with self.assertRaisesRegex(AssertionError, "it has facts of attic-"):
            check_a_stranger_reads_what_a_served_shop_writes(Kontor(), wanted=("order-", "attic-"))

    def test_a_stranger_reads_what_an_import_writes(self):
        check_a_stranger_reads_an_import(Kontor())

    def test_that_check_notices_another_price(self):
        def lie(answer):
            answer.out = answer.out.replace('"unit_price":{"amount":', '"unit_price":{"amount":1', 1)
        with self.assertRaisesRegex(AssertionError, "order.placed at "):
            check_a_stranger_reads_an_import(Liar(lie))

    def test_operators_get_in_and_set_limits(self):
        check_operators_get_in_and_set_limits(Kontor())

    def test_that_check_notices_a_wrong_password(self):
        with self.assertRaises(AssertionError):
            check_operators_get_in_and_set_limits(Kontor(), password="a horse and a car")

    def test_a_purchase_goes_from_placing_to_refund(self):
        check_a_purchase_goes_from_placing_to_refund()

    def test_the_command_line_buys_and_refunds(self):
        check_the_command_line_buys_and_refunds(Kontor())

    def test_an_order_across_a_crash_is_one_order_and_the_same_bytes(self):
        check_an_order_across_a_crash_is_one_order_and_the_same_bytes()

    def test_that_check_notices_bytes_that_differ(self):
        told = []

        def lie(method, path, reply):
            if method == "POST" and path == "/v1/orders" and "idempotency-replayed" in reply.headers:
                told.append(reply)
                reply.body += b" " * len(told)
        with self.assertRaises(AssertionError):
            check_an_order_across_a_crash_is_one_order_and_the_same_bytes(change=lie)

    def test_closing_under_load_fails_no_request(self):
        check_closing_under_load_fails_no_request()

    def test_that_check_notices_a_server_that_does_not_drain(self):
        with self.assertRaises(AssertionError):
            check_closing_under_load_fails_no_request(signal.SIGKILL)

    def test_metrics_are_what_prometheus_reads(self):
        check_metrics_are_what_prometheus_reads()

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed (apt-get install prometheus)")
    def test_promtool_finds_nothing(self):
        check_promtool_finds_nothing()

        def lie(_, path, reply):
            reply.body += b"# TYPE kontor_orders counter\nkontor_orders 1\n"
        with self.assertRaises(AssertionError):
            check_promtool_finds_nothing(change=lie)

    def test_that_check_notices_a_line_that_is_none(self):
        def lie(_, path, reply):
            if path == "/metrics":
                reply.body += b"kontor shed total 1\n"
        with self.assertRaises(AssertionError):
            check_metrics_are_what_prometheus_reads(change=lie)

    def test_that_check_notices_a_metric_with_too_many_lines(self):
        def lie(_, path, reply):
            if path == "/metrics":
                reply.body += b"".join(b'kontor_parked_groups{queue="q%d"} 1\n' % n for n in range(1001))
        with self.assertRaises(AssertionError):
            check_metrics_are_what_prometheus_reads(change=lie)

    def test_the_demo_sells_through_the_port(self):
        check_the_demo_sells_through_the_port(Kontor())

    def test_what_is_refused(self):
        check_what_is_refused(Kontor())

    def test_only_the_owner_reads_the_token(self):
        with Directory() as here, Served(here / "shop"):
            mode = os.stat(os.path.join(here / "shop", "run", "dev.token")).st_mode
            require(stat.S_IMODE(mode) == 0o600, "the token is for its owner: %o" % mode)
            for name in "run", "views", "keys":
                mode = os.stat(os.path.join(here / "shop", name)).st_mode
                require(stat.S_IMODE(mode) == 0o700, "%s is for its owner: %o" % (name, mode))
