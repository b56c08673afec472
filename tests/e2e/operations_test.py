"""What operators look at: long tasks as one list, the graph of the process, and lists with words of their own."""

import unittest

from kontor import Directory, Kontor, Liar, require
from served import Served, order_body, stock_up


def check_operations(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args, code=0, problem=""):
            answer = kontor.run(*args, "--data", shop, "--json")
            require(answer.code == code and problem in answer.err, "%s: %s" % (" ".join(args), answer))
            return answer

        def listed(*filters):
            return run("operation", "list", *filters).json_lines()

        def path_of(operation):
            return "/v1/ops/operations/" + operation["id"]

        stock_up(console)
        require(listed() == [], "nothing long was begun")
        console.until("/v1/ops/projections/orders", lambda model: model["state"] == "following", "the rows follow")
        require(console.ask("POST", "/v1/ops/projections/orders/rebuild").status == 202, "a rebuild begins")
        console.until("/v1/ops/operations?kind=projection_rebuild&state=completed", lambda page: page["data"], "it ends")
        rebuild = listed()[0]
        require((rebuild["kind"], rebuild["about"], rebuild["actions"]) == ("projection_rebuild", "orders", []),
                "it is listed as what it was: %s" % rebuild)
        require(rebuild["done"] == rebuild["total"] > 0 and rebuild["asked_by"], "all of it is done: %s" % rebuild)
        run("operation", "cancel", rebuild["id"], "--reason", "too late", code=4, problem="E4025")
        run("operation", "show", "opn_00000000000000000000000000", code=3, problem="E4024")

        run("dlq", "redrive", "dead-letter", "--reason", "mended")  # it waits for ten seconds
        redrive = listed("--state", "running")[0]
        require((redrive["kind"], redrive["about"]) == ("redrive", "dead-letter"), "it runs: %s" % redrive)
        require([each["id"] for each in listed()] == [redrive["id"], rebuild["id"]], "the latest comes first")
        first = console.get("/v1/ops/operations?limit=1")
        require(first["has_more"] and console.get(first["next"])["data"][0]["id"] == rebuild["id"], "page by page")
        refused = run("operation", "pause", redrive["id"], "--reason", "a sale", code=4, problem="E4026")
        require("cancel" in refused.err, "it says what is possible: %s" % refused)
        ended = run("operation", "cancel", redrive["id"], "--reason", "the wrong queue").json()
        require(ended["state"] == "cancelled", "it is ended: %s" % ended)
        require(run("operation", "show", redrive["id"]).json()["state"] == "cancelled", "and stays so")
        owner = console.get("/v1/ops/dlq/dead-letter/redrives")["data"][0]
        require(owner["state"] == "cancelled", "whoever carries it out says the same: %s" % owner)
        run("operation", "resume", redrive["id"], code=4, problem="E4025")

        backup = here / "copy"
        run("store", "backup", backup)
        made = listed("--kind", "backup")[0]
        require((made["state"], made["about"], made["counted"]) == ("completed", str(backup), "segments"), str(made))
        record = [row["verb"] for row in run("audit", "list").json_lines()]
        require(record.count("cancel_operation") == 1 and "pause_operation" not in record,
                "what was done is on record, what was refused is not: %s" % record)


def check_graph(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()
        stock_up(console)
        for key in "one", "two":
            placed = console.ask("POST", "/v1/orders", order_body(console), key=key)
            require(placed.status == 201, "an order is placed: %s" % placed)
            console.until("/v1/orders/" + placed.json()["id"], lambda order: order["state"] == "confirmed", "it is paid")
        console.until("/v1/ops/sagas?phase=fulfilling", lambda page: len(page["data"]) == 2, "both are packed")

        def run(*args):
            answer = kontor.run("saga", "graph", *args, "--data", shop)
            require(answer.code == 0, "%s" % answer)
            return answer

        graph = run("--json").json()
        runs = {phase["phase"]: phase["runs"] for phase in graph["phases"]}
        require(runs["fulfilling"] == 2 and sum(runs.values()) == 2, "two orders are to be packed: %s" % runs)
        ways = {(edge["from"], edge["to"]) for edge in graph["edges"]}
        require(("none", "reserving") in ways and ("unwinding", "done") in ways, "there is a beginning and an end")
        require(not [way for way in ways if not set(way) <= set(runs)], "each way is between two phases")
        table = run().out
        require("fulfilling" in table and "the order is confirmed" in table, "people read it: %s" % table)
        dot = run("--dot").out
        require(dot.startswith("digraph") and all("%s -> %s [" % way in dot for way in ways), "and Graphviz: %s" % dot)


def check_words_of_lists(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()
        stock_up(console)
        paths = console.get("/docs/openapi.json")["paths"]
        for noun, path in ("order", "/v1/orders"), ("product", "/v1/products"):
            sort = [each for each in paths[path]["get"]["parameters"] if each["name"] == "sort"][0]
            for word in sort["schema"]["enum"]:
                answer = kontor.run(noun, "list", "--sort", word, "--currency", "GBP", "--data", shop, "--json")
                require(answer.code == 0, "%ss come by %s: %s" % (noun, word, answer))
            wrong = "price" if noun == "order" else "oldest"
            answer = kontor.run(noun, "list", "--sort", wrong, "--data", shop, "--json")
            require(answer.code != 0 and '"E1003"' in answer.err, "no %s comes by %s: %s" % (noun, wrong, answer))
            require("one of " + ", ".join(sort["schema"]["enum"]) + " is wanted" in answer.err,
                    "it says by what they come: %s" % answer)


def check_search_by_address(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()
        stock_up(console, units=500)
        raised = console.ask("PUT", "/v1/ops/limits/customer", {"count_max": 1000, "window_ms": 1000, "reason": "a test"})
        require(raised.status == 200, "a customer may ask fast: %s" % raised)
        buyer = server.shop()
        session = buyer.ask("POST", "/v1/session/guest")
        require(session.status == 201, "a guest comes: %s" % session)
        cookie = {"Cookie": session.headers["set-cookie"].split(";")[0], "Kontor_Csrf": session.json()["csrf"]}
        body = order_body(console, units=1)
        placed = []
        for number in range(102):
            body["contact"] = {"email": "other@example.org" if number < 101 else "eve@example.org"}
            reply = buyer.ask("POST", "/v1/orders", body, key="sale-%d" % number, **cookie)
            require(reply.status == 201, "an order is placed: %s" % reply)
            placed.append(reply.json()["id"])
        query = "/v1/orders?q=eve%40example.org&sort=oldest"
        console.until("/v1/orders?customer=" + reply.json()["customer_id"] + "&limit=200",
                      lambda page: len(page["data"]) == 102, "all are in the rows")
        page = console.get(query + "&limit=200")
        require(page["data"] == [] and page["has_more"], "a page reads a hundred of them: %s" % page)
        page = console.get(page["next"])
        require([order["id"] for order in page["data"]] == placed[-1:] and not page["has_more"], "the next one has the rest")
        answer = kontor.run("order", "list", "--email", "eve@example.org", "--sort", "oldest", "--data", shop, "--json")
        require(answer.code == 0 and [row["id"] for row in answer.json_lines()] == placed[-1:],
                "the command goes through all pages: %s" % answer)


class Operations(unittest.TestCase):
    def test_long_tasks_are_one_list(self):
        check_operations(Kontor())

        def goes_on(answer):
            if "operation" in answer.args and "show" in answer.args:
                answer.out = answer.out.replace('"cancelled"', '"running"')

        with self.assertRaises(AssertionError):
            check_operations(Liar(goes_on))

    def test_the_graph_says_who_stands_where(self):
        check_graph(Kontor())

        def nobody(answer):
            answer.out = answer.out.replace('"runs":2', '"runs":0')

        with self.assertRaises(AssertionError):
            check_graph(Liar(nobody))

    def test_each_list_takes_its_own_words(self):
        check_words_of_lists(Kontor())

        def takes_all(answer):
            if "price" in answer.args and "order" in answer.args:
                answer.code = 0

        with self.assertRaises(AssertionError):
            check_words_of_lists(Liar(takes_all))

    def test_a_search_by_address_goes_on_where_a_page_ended(self):
        check_search_by_address(Kontor())

        def finds_nothing(answer):
            answer.out = ""

        with self.assertRaises(AssertionError):
            check_search_by_address(Liar(finds_nothing))
