"""The command line can do everything the API can: which command asks which address, and that they do it on a running shop."""

import http.server
import json
import re
import shlex
import subprocess
import threading
import time
import unittest

import kontor as world
from kontor import Directory, Kontor, Liar, require
from served import Served, order_body, stock_up

# What is answered without a server: from the program itself; and what is asked in another way.
ANSWERED_HERE = {"GET /problems/{code}", "GET /docs/openapi.json", "GET /v1/events/stream"}

# Enough for every command to go on to its next question.
SOMETHING = {
    "id": "x", "version": 1, "position": 0, "data": [], "groups": [], "has_more": False, "status": "ready", "on_hand": 3, "reserved": 0,
    "total": {"amount": 1, "currency": "GBP"}, "state": "as_it_was", "lines": 0, "changed": 0, "bad_lines": [], "bad": 0,
    "matched": 0, "different": 0, "missing": 0, "unknown": 0, "differences": [],
}


class Recorder(http.server.ThreadingHTTPServer):
    """A server that says yes to everything and keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(handler):
                handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
                self.asked.append("%s %s" % (handler.command, handler.path.split("?")[0]))
                body = json.dumps(SOMETHING).encode()
                handler.send_response(200)
                handler.send_header("Content-Type", "application/json")
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(handler, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        """Who has asked enough is stopped in the middle of a question."""

    def has_been_asked(self, route):
        pattern = re.compile("^" + re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(route)) + "$")
        return any(pattern.match(each) for each in self.asked)


def commands(tree):
    yield tree
    for below in tree["commands"]:
        yield from commands(below)


def words_of(example):
    """The words of a line as a shell would split it, without where its output goes."""
    line = example.strip()
    if "| kontor" in line:
        line = line[line.index("| kontor") + 2:]
    words = []
    for word in shlex.split(line.split(" | ")[0].split(" > ")[0].split(" >> ")[0].split(" < ")[0])[1:]:
        named = re.match(r"([a-z]{3}_)01…", word)
        if named:
            word = word.replace(named.group(0), named.group(1) + "0" * 25 + "1")
        words.append(word.replace("…", "X1"))
    return words


def examples_of(command):
    return [each for each in command["examples"].replace("\\\n", " ").splitlines() if "kontor " in each]


def ask_as_shown(recorder, words, wanted, here):
    """Runs a command until it has asked what is wanted, for some never end."""
    process = subprocess.Popen([world.SETTINGS.kontor, *words, "--url", "http://127.0.0.1:%d" % recorder.server_port],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=here.path)
    try:
        process.stdin.write(b'{"reason":"as agreed"}\n')
        process.stdin.close()
    except BrokenPipeError:
        pass  # it has refused and gone already
    end = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < end and not all(map(recorder.has_been_asked, wanted)):
        time.sleep(0.01)
    process.kill()
    said = process.stderr.read().decode("utf-8", "replace")
    process.stderr.close()
    process.wait()
    return said


def check_a_command_asks_what_its_page_says(kontor):
    answer = kontor.run("spec", "cli")
    tree = answer.json()
    with Directory() as here, Recorder() as recorder:
        for name in "basket.json", "orders.json", "patch.json":
            here.file(name, b"{}")
        for name in "products.csv", "counted.csv", "payouts.csv":
            here.file(name, b"sku,title\nMUG-1,Oak Mug\n")
        checked = 0
        for command in commands(tree):
            wanted = [route for route in command["routes"] if route not in ANSWERED_HERE]
            said = ""
            recorder.asked.clear()
            for example in examples_of(command):
                if wanted and not all(map(recorder.has_been_asked, wanted)):
                    said += ask_as_shown(recorder, words_of(example), wanted, here) + " "
            for route in wanted:
                checked += 1
                require(recorder.has_been_asked(route),
                        "%s does not ask %s, but %s: %s" % (command["line"], route, recorder.asked, said))
        require(checked > 80, "there are routes to ask: %d" % checked)


def check_the_shop_is_run_by_commands(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args, code=0):
            answer = kontor.run(*args, "--data", shop, "--json")
            require(answer.code == code, "exit code %d is wanted: %s" % (code, answer))
            return answer

        stock_up(console)
        run("coupon", "issue", "SPRING", "--bp", 1000, "--from", "2020-01-01T00:00:00Z", "--until", "2099-01-01T00:00:00Z",
            "--uses", 5)
        require(run("coupon", "show", "SPRING").json()["uses_left"] == 5, "a coupon is issued")
        run("stock", "adjust", "MUG-1", "--by", -2, "--kind", "damaged", "--reason", "fell from the shelf")
        run("stock", "count", "MUG-1", 47)
        item = run("stock", "policy", "MUG-1", "--safety", 1, "--backorders", 2, "--low-at", 5).json()
        require((item["on_hand"], item["safety"], item["low_at"]) == (47, 1, 5), "stock is set right: %s" % item)
        moves = [row["type"] for row in run("stock", "movements", "MUG-1").json_lines()]
        require(moves[:3] == ["stock.received", "stock.adjusted", "stock.adjusted"], "what happened: %s" % moves)
        order = run("order", "place", "--demo", "--line", "MUG-1=2", "--coupon", "SPRING", "--wait", 8).json()["id"]
        server.shop(server.token).until("/v1/orders/" + order, lambda o: o["shipments"], "packed")
        run("order", "change", order, "--email", "ada@example.com")
        require(run("order", "show", order).json()["contact"]["email"] == "ada@example.com", "the order is changed")
        facts = [fact["type"] for group in run("order", "timeline", order).json()["groups"] for fact in group["facts"]]
        require(facts[0] == "order.placed" and "order.address_changed" in facts, "the timeline: %s" % facts)
        require([row["id"] for row in run("order", "list", "--sku", "MUG-1").json_lines()] == [order], "found by SKU")
        require(run("order", "list", "--sku", "MUG-2").out == "", "and not by another")
        require(run("order", "list", "--currency", "GBP", "--total-min", 100000000).out == "", "nor for so much")
        saga = run("saga", "show", order).json()
        require(saga["phase"] == "fulfilling" and saga["steps"][0]["sent"][0]["undone_by"] == "release", "%s" % saga)
        require([row["order_id"] for row in run("saga", "list").json_lines()] == [order], "its process is open")
        require(run("saga", "retry", order, "--reason", "as agreed", code=4).code == 4, "no call waits")
        parcel = run("order", "show", order).json()["shipments"][0]["id"]
        run("shipment", "dispatch", parcel, "--tracking", "T1")
        server.shop(server.token).until("/v1/orders/" + order, lambda o: o["documents"], "invoiced")
        invoice = run("order", "invoice", order).json()
        require(run("invoice", "show", invoice["number"]).json()["order_id"] == order, "%s" % invoice)
        who = run("customer", "add", "--email", "eve@example.org", "--name", "Eve").json()
        run("customer", "preferences", who["id"], "--tell", "order=email", "--tell", "refund=email,webhook")
        run("customer", "change", who["id"], "--name", "Eve Ashdown")
        told = run("customer", "show", who["id"]).json()
        require(told["name"] == "Eve Ashdown" and told["channels"][1]["channels"] == ["email", "webhook"], "%s" % told)
        require(run("session", "show").json()["roles"], "who asks is known")
        require(run("service", "list").json_lines(), "services are listed")
        run("store", "info")
        require({row["state"] for row in run("projection", "list").json_lines()} == {"following"}, "all follow")
        run("projection", "rebuild", "stock")
        require(run("projection", "verify", "stock").json()["good"], "the rows are right")
        batch = here.file("orders.json", json.dumps({"orders": [
            dict(order_body(server.shop(server.token), units=1), idempotency_key="b1"),
            dict(order_body(server.shop(server.token), units=1), idempotency_key="b2",
                 expected_total={"amount": 1, "currency": "GBP"})]}).encode())
        said = run("order", "batch", "--body", batch, code=6)
        require([each["status"] for each in said.json()["results"]][0] == 201, "one of two is placed: %s" % said)
        plain = run("api", "GET", "/v1/orders/" + order).json()
        require(plain["id"] == order, "any address can be asked: %s" % plain)
        run("api", "GET", "/v1/orders/ord_00000000000000000000000001", code=3)


def check_a_pause_is_said_and_kept(change=None):
    with Directory() as here:
        shop = here / "shop"
        with Served(shop, change=change) as server:
            console = server.console()
            stock_up(console)
            path = "/v1/products?limit=1"
            require("kontor-stale" not in console.ask("GET", path).headers, "rows that follow are fresh")
            paused = console.ask("POST", "/v1/ops/projections/catalog/pause", {"reason": "the disk is moved"})
            require(paused.status == 200, "it is paused: %s" % paused)
            console.until("/v1/ops/projections/catalog", lambda p: p["state"] == "paused", "paused")
            require(console.ask("GET", path).headers.get("kontor-stale") == "true", "stale rows say so")
            require(server.end().code == 0, "it closes in order")
        with Served(shop, change=change) as server:
            console = server.console()
            console.until("/v1/ops/projections/catalog", lambda p: p["state"] == "paused", "still paused")
            require(console.ask("GET", "/v1/products?limit=1").headers.get("kontor-stale") == "true", "still stale")
            require(console.ask("POST", "/v1/ops/projections/catalog/resume").status == 200, "it goes on")
            console.until("/v1/ops/projections/catalog", lambda p: p["state"] == "following", "following")
            require(server.end().code == 0, "it closes in order")
        with Served(shop) as server:
            server.console().until("/v1/ops/projections/catalog", lambda p: p["state"] == "following", "resumed for good")


class CommandsOfTheApi(unittest.TestCase):
    def test_a_command_asks_what_its_page_says(self):
        check_a_command_asks_what_its_page_says(Kontor())

    def test_that_check_notices_a_page_that_lies(self):
        def lie(answer):
            answer.out = answer.out.replace('"GET /v1/coupons/{code}"', '"DELETE /v1/coupons/{code}"')
        with self.assertRaises(AssertionError):
            check_a_command_asks_what_its_page_says(Liar(lie))

    def test_the_shop_is_run_by_commands(self):
        check_the_shop_is_run_by_commands(Kontor())

    def test_that_check_notices_a_count_that_is_not_kept(self):
        def lie(answer):
            if "policy" in answer.args:
                answer.out = answer.out.replace('"on_hand":47', '"on_hand":48')
        with self.assertRaises(AssertionError):
            check_the_shop_is_run_by_commands(Liar(lie))

    def test_a_pause_is_said_and_kept(self):
        check_a_pause_is_said_and_kept()

    def test_that_check_notices_rows_that_do_not_say_they_are_stale(self):
        def lie(_, path, reply):
            reply.headers.pop("kontor-stale", None)
        with self.assertRaises(AssertionError):
            check_a_pause_is_said_and_kept(change=lie)
