"""What people look for: products by facet and sort, customers by a sealed address, streams as they were; and what the server's
own log says of requests."""

import json
import os
import time
import unittest

import kontor as world
from kontor import Directory, require
from served import Served, order_body, stock_up


def add(console, sku, title, category, price):
    reply = console.ask("POST", "/v1/products", {"sku": sku, "title": title, "category": category, "tax_class": "standard",
                                                 "weight_g": 10}, key="add-" + sku)
    require(reply.status == 201, "a product is added: %s" % reply)
    reply = console.ask("PUT", "/v1/products/%s/price" % sku, {"price": {"amount": price, "currency": "GBP"}},
                        key="price-" + sku, If_Match=reply.headers["etag"])
    require(reply.status == 200, "a price is set: %s" % reply)
    return reply.headers["kontor-position"]


def pages(asker, path, between=None):
    """All SKUs of a list, page by page."""
    found = []
    while path:
        page = asker.get(path)
        found += [row["sku"] for row in page["data"]]
        path = page.get("next")
        if between:
            between(len(found))
    return found


def check_products_are_found_sorted_and_counted(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console, public = server.console(), server.shop()
        for number in range(25):
            position = add(console, "P%02d" % number, "Thing %d" % (number % 7), "mugs" if number % 5 else "pens", 100 + number // 4)
        stock_up(console, sku="OAK", price=90, units=3)
        found = console.until("/v1/products?q=oak&in_stock=true&min_position=" + position, lambda page: len(page["data"]) == 1,
                              "it is in stock")
        require(found["facets"]["products"] == 1 and found["facets"]["out_of_stock"] == 0, "it alone is counted: %s" % found["facets"])
        page = public.get("/v1/products?currency=GBP&sort=price&limit=4")
        facets = page["facets"]
        require(facets["products"] == 26, "all are counted: %s" % facets)
        require(facets["categories"] == [{"category": "mugs", "products": 20}, {"category": "pens", "products": 5}],
                "by category: %s" % facets)
        require((facets["without_category"], facets["in_stock"], facets["out_of_stock"]) == (1, 1, 25), "and by stock: %s" % facets)
        require(facets["price"] == {"min": {"amount": 90, "currency": "GBP"}, "max": {"amount": 106, "currency": "GBP"}},
                "with the span of prices: %s" % facets)
        require(page["data"][0]["sku"] == "OAK" and page["data"][0]["availability"] == {"state": "low", "left": 3},
                "the cheapest first: %s" % page["data"][0])
        for sort in "sku", "title", "price", "price_desc", "newest":
            def come(seen, sort=sort):
                if seen == 8:
                    add(console, "NEW-" + sort.upper().replace("_", "-"), "Thing 3", "mugs", 101)
            seen = pages(public, "/v1/products?currency=GBP&limit=4&q=thing&sort=" + sort, come)
            old = [sku for sku in seen if not sku.startswith("NEW")]
            require(sorted(old) == ["P%02d" % number for number in range(25)], "by %s each is shown once: %s" % (sort, seen))
        dear = public.get("/v1/products?currency=GBP&price_min=106&category=mugs&sort=price_desc")
        require([row["sku"] for row in dear["data"]] == ["P24"], "filters are taken together: %s" % dear["data"])
        mugs = public.get("/v1/products?currency=GBP&price_min=105&category=mugs")
        require(mugs["facets"]["products"] == len(mugs["data"]) == 4, "what passes all filters: %s" % mugs)
        require(mugs["facets"]["categories"] == [{"category": "mugs", "products": 4}, {"category": "pens", "products": 1}],
                "a facet leaves its own filter out: %s" % mugs["facets"])
        said = world.Kontor().run("product", "list", "--words", "thing", "--currency", "GBP", "--sort", "price_desc", "--limit", 1,
                                  "--data", here / "shop", "--json")
        require([row["sku"] for row in said.json_lines()] == ["P24"], "the command line sorts, too: %s" % said)
        for query, name in (("sort=price", "sort"), ("price_min=1", "price_min"), ("in_stock=1", "in_stock"), ("sort=best", "sort")):
            reply = public.ask("GET", "/v1/products?" + query)
            require(reply.status == 400 and reply.json()["errors"][0]["pointer"] == name, "%s is refused by name: %s" % (query, reply))


def check_a_customer_is_found_by_a_sealed_address(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        ada = console.ask("POST", "/v1/customers", {"email": "canary-ada@example.org", "country": "GB"}, key="ada")
        require(ada.status == 201, "she is registered: %s" % ada)
        again = console.ask("POST", "/v1/customers", {"email": "canary-ada@example.org", "country": "GB"}, key="ada")
        require((again.status, again.body) == (201, ada.body), "a repetition gets the same: %s" % again)
        taken = console.ask("POST", "/v1/customers", {"email": "Canary-Ada@EXAMPLE.org ", "country": "FR"}, key="eve")
        require(taken.status == 409 and taken.json()["name"] == "email_taken", "nobody else gets it: %s" % taken)
        ben = console.ask("POST", "/v1/customers", {"email": "ben@example.org", "country": "GB"}, key="ben")
        move = console.ask("PATCH", "/v1/customers/" + ben.json()["id"], {"email": "canary-ada@example.org"},
                           If_Match=ben.headers["etag"])
        require(move.status == 409 and move.json()["name"] == "email_taken", "not by a change either: %s" % move)
        look = "/v1/customers?q=CANARY-ada%40example.org"
        found = console.until(look, lambda page: page["data"], "she is found")
        require([row["id"] for row in found["data"]] == [ada.json()["id"]], "she alone: %s" % found)
        require(console.ask("GET", "/v1/customers?q=ada").status == 400, "half an address finds nobody")
        said = world.Kontor().run("customer", "list", "--email", "canary-ada@example.org", "--data", here / "shop", "--json")
        require([row["id"] for row in said.json_lines()] == [ada.json()["id"]], "found from the command line: %s" % said)
        require(server.end().code == 0, "it closes")
    with Directory() as here:
        with Served(here / "shop", change=change) as server:
            console = server.console()
            ada = console.ask("POST", "/v1/customers", {"email": "canary-ada@example.org", "country": "GB"}, key="ada").json()["id"]
            server.end()
        with Served(here / "shop", change=change) as server:
            console = server.console()
            require([row["id"] for row in console.get(look)["data"]] == [ada], "found by the next process, too")
            files = {os.path.join(folder, name): read(folder, name)
                     for folder, _, names in os.walk(here / "shop") for name in names}
            telling = [path for path, text in files.items() if b"canary-ada" in text.lower()]
            require(not telling, "the address stands in no file: %s" % telling)
            erased = console.ask("POST", "/v1/customers/%s/erase" % ada, {"confirm": ada, "reason": "asked to be forgotten"}, key="e")
            require(erased.status == 202, "she is forgotten: %s" % erased)
            console.until(look, lambda page: not page["data"], "and found no more")
            console.until("/v1/customers/" + ada, lambda customer: customer["erased"] and "email" not in customer, "the key is gone")
            free = console.ask("POST", "/v1/customers", {"email": "canary-ada@example.org", "country": "GB"}, key="new")
            require(free.status == 201, "the address is free: %s" % free)


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def check_a_stream_is_shown_as_it_was(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        stock_up(console, units=5)
        stream = "stock-main.MUG-1"
        facts = console.get("/v1/events?stream=" + stream)["data"]
        early = facts[0]["occurred_at"]
        time.sleep(0.01)
        reply = console.ask("POST", "/v1/inventory/MUG-1/main/receipts", {"quantity": 7, "reference": "note 8"}, key="more")
        require(reply.status == 201, "more arrive: %s" % reply)
        path = "/v1/ops/streams/%s/state" % stream
        require(console.get(path)["state"]["on_hand"] == 12, "now")
        require(console.get(path + "?at_time=" + early)["state"]["on_hand"] == 5, "as it was when the first fact had happened")
        require(console.get(path + "?at_time=2999-01-01T00:00:00Z")["state"]["on_hand"] == 12, "a time to come shows now")
        require(console.get(path + "?at_version=1")["state"]["on_hand"] == 5, "by version")
        require(console.get(path + "?at_position=%d" % facts[0]["position"])["state"]["on_hand"] == 5, "by position")
        require(console.ask("GET", path + "?at_time=2001-01-01T00:00:00Z").status == 404, "there was nothing then")
        for query in "at_time=yesterday", "at_version=1&at_time=" + early, "at_version=1&at_position=4":
            require(console.ask("GET", path + "?" + query).status == 400, "%s is refused" % query)
        for at, units in ((early, "5"), ("1", "5"), ("2", "12")):
            said = world.Kontor().run("stream", "state", stream, "--at", at, "--data", here / "shop", "--json")
            require(said.code == 0 and str(said.json()["on_hand"]) == units, "--at %s: %s" % (at, said))
        buyer = server.shop(server.token)
        order = buyer.ask("POST", "/v1/orders", order_body(buyer, units=1), key="one")
        placed = order.json()["created_at"]
        where = order.headers["location"]
        buyer.until(where, lambda seen: seen["state"] == "confirmed", "confirmed")
        require(buyer.get(where + "?at_time=" + placed)["state"] == "placed", "an order, too")
        require(server.end().code == 0, "it closes")
        said = world.Kontor().run("stream", "state", stream, "--at", early, "--data", here / "shop", "--json")
        require(said.code == 0 and said.json()["on_hand"] == 5, "also from the files of a closed shop: %s" % said)


CANARIES = {"mail": "canary-mail@example.org", "card": "4000056655665556", "token": "ktk_canarycanarycanarycanary",
            "street": "1 Canary Street"}


def check_the_log_of_requests_tells_nothing_that_was_sent(leak=None):
    with Directory() as here:
        program = Telling()
        with Served(here / "shop", program=program) as server:
            console = server.console()
            stock_up(console)
            body = order_body(console)
            body["contact"]["email"], body["ship_to"]["lines"] = CANARIES["mail"], [CANARIES["street"]]
            reply = console.ask("POST", "/v1/orders", body, key="order-1", traceparent="00-%s-%s-01" % ("a1" * 16, "b2" * 8))
            require(reply.status == 201, "an order is placed: %s" % reply)
            console.ask("GET", "/v1/customers?q=canary-mail%40example.org")
            console.ask("GET", "/v1/products?q=" + CANARIES["card"])
            console.ask("GET", "/v1/orders/%s" % CANARIES["token"])
            server.shop(CANARIES["token"]).ask("GET", "/v1/orders")
            console.ask("POST", "/v1/customers", {"email": CANARIES["mail"], "country": "nowhere"}, key="bad")
            token = server.token
            require(server.end().code == 0, "it closes")
        with open(here / "shop/run/kontor.log", encoding="utf-8") as file:
            text = file.read()
        text = leak(text) if leak else text
        lines = [json.loads(line) for line in text.splitlines()]
        told = [line for line in lines if line.get("route") == "place_order"]
        require(len(told) == 1, "each request has its line: %s" % text[-2000:])
        line = told[0]
        require((line["status"], line["method"]) == ("201", "POST") and int(line["ms"]) >= 0, "with status and time: %s" % line)
        require(set(line["caller"].split("+")) == {"customer", "support", "operations", "service"}, "and who asked: %s" % line)
        require(line.get("trace_id") == "a1" * 16 and line.get("correlation_id"), "and the ids, that of the caller: %s" % line)
        require({"list_customers", "list_products"} <= {line.get("route") for line in lines}, "reads, too: %s" % text[-2000:])
        for name, word in list(CANARIES.items()) + [("developer's token", token)]:
            require(word not in text and word.replace("@", "%40") not in text, "the %s is in the log" % name)
        with Served(here / "shop") as server:
            before = len(read(here / "shop/run", "kontor.log"))
            console = server.console()
            for _ in range(200):
                console.get("/v1/products")
            metrics = console.ask("GET", "/metrics").body.decode()
            require('kontor_http_route_requests_total{route="list_products",status="2xx"} 200' in metrics, "what went well is counted")
            grown = read(here / "shop/run", "kontor.log")[before:].decode()
            require("list_products" not in grown or "took long" in grown, "and has no line: %s" % grown)


def check_projections_go_by_the_names_they_are_listed_under(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        stock_up(console)
        names = [row["name"] for row in console.get("/v1/ops/projections")["data"]]
        require(len(names) >= 2, "there are projections: %s" % names)
        for name in names:
            path = "/v1/ops/projections/" + name
            require(console.get(path)["name"] == name, "%s is found by its name" % name)
            paused = console.ask("POST", path + "/pause", {"reason": "a look at its rows"}, key="pause-" + name)
            require(paused.status == 200, "it is paused: %s" % paused)
            console.until(path, lambda row: row["state"] == "paused", "it stands still")
        halted = [row for row in console.get("/v1/ops/services")["data"] if row["health"] == "halted"]
        require(not halted, "nobody is in trouble: %s" % halted)
        require(console.get("/readyz")["status"] == "ready", "the shop goes on selling")
        for name in names:
            path = "/v1/ops/projections/" + name
            console.ask("POST", path + "/resume", key="resume-" + name)
            console.until(path, lambda row: row["state"] == "following", "it follows again")
            begun = console.ask("POST", path + "/verify", key="verify-" + name)
            require(begun.status == 202, "it is verified: %s" % begun)
            console.until(path, lambda row: row.get("last_comparison_agrees"), "rows and log agree")


class Telling(world.Kontor):
    """The program with a line for every request."""

    def start(self, *args, **options):
        return super().start(*args, environment={"KONTOR_TELEMETRY__LOG_REQUESTS": "all"}, **options)


class Browse(unittest.TestCase):
    def test_products_are_found_sorted_and_counted(self):
        check_products_are_found_sorted_and_counted()

    def test_that_check_notices_a_product_that_a_page_leaves_out(self):
        def lie(_, path, reply):
            if path.startswith("/v1/products?") and "cursor=" in path and reply.status == 200:
                page = reply.json()
                page["data"] = page["data"][1:]
                reply.body = json.dumps(page).encode()
        with self.assertRaises(AssertionError):
            check_products_are_found_sorted_and_counted(change=lie)

    def test_a_customer_is_found_by_a_sealed_address(self):
        check_a_customer_is_found_by_a_sealed_address()

    def test_that_check_notices_who_is_found_after_being_forgotten(self):
        kept = []

        def lie(_, path, reply):
            if path.startswith("/v1/customers?q=CANARY"):
                kept.append(reply.body if reply.json()["data"] else kept[-1])
                reply.body = kept[-1]
        with self.assertRaises(AssertionError):
            check_a_customer_is_found_by_a_sealed_address(change=lie)

    def test_projections_go_by_the_names_they_are_listed_under(self):
        check_projections_go_by_the_names_they_are_listed_under()

    def test_that_check_notices_a_pause_that_makes_the_shop_unready(self):
        def lie(_, path, reply):
            if path == "/readyz":
                reply.body = reply.body.replace(b'"ready"', b'"unready"')
        with self.assertRaisesRegex(AssertionError, "the shop goes on selling"):
            check_projections_go_by_the_names_they_are_listed_under(change=lie)

    def test_a_stream_is_shown_as_it_was(self):
        check_a_stream_is_shown_as_it_was()

    def test_that_check_notices_a_past_that_is_the_present(self):
        now = []

        def lie(_, path, reply):
            if path.endswith("/state"):
                now.append(reply.body)
            elif "at_time=" in path and reply.status == 200 and now:
                reply.body = now[-1]
        with self.assertRaises(AssertionError):
            check_a_stream_is_shown_as_it_was(change=lie)

    def test_that_check_notices_an_order_of_the_past_that_is_the_present(self):
        now = []

        def lie(_, path, reply):
            if path.startswith("/v1/orders/") and reply.status == 200:
                now.append(now[-1] if "at_time=" in path else reply.body)
                reply.body = now[-1]
        with self.assertRaisesRegex(AssertionError, "an order, too"):
            check_a_stream_is_shown_as_it_was(change=lie)

    def test_that_check_notices_a_facet_that_keeps_its_own_filter(self):
        def lie(_, path, reply):
            if "price_min=105" in path and reply.status == 200:
                page = reply.json()
                page["facets"]["categories"] = page["facets"]["categories"][:1]
                reply.body = json.dumps(page).encode()
        with self.assertRaisesRegex(AssertionError, "its own filter"):
            check_products_are_found_sorted_and_counted(change=lie)

    def test_the_log_of_requests_tells_nothing_that_was_sent(self):
        check_the_log_of_requests_tells_nothing_that_was_sent()

    def test_that_check_notices_an_address_in_the_log(self):
        with self.assertRaises(AssertionError):
            check_the_log_of_requests_tells_nothing_that_was_sent(
                leak=lambda text: text.replace('"route":"list_customers"', '"route":"list_customers canary-mail@example.org"'))
