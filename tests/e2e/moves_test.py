"""Units that go from one place to another, and orders by the number that people read, through a running server."""

import unittest

from kontor import Directory, Kontor, Liar, require
from served import Served, order_body, stock_up


def shelves(kontor, shop):
    answer = kontor.run("stock", "show", "MUG-1", "--data", shop, "--json")
    require(answer.code == 0, "the shelves are shown: %s" % answer)
    return {row["location"]: row["on_hand"] for row in answer.json_lines()}


def check_transfer(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop = here / "shop"
        stock_up(server.console(), units=50)

        def transfer(units, to, *flags):
            return kontor.run("stock", "transfer", "MUG-1", units, "--to", to, "--data", shop, "--json", *flags)

        for _ in range(2):
            answer = transfer(20, "north", "--key", "once")
            require(answer.code == 0 and answer.json()["on_hand"] == 30, "units leave: %s" % answer)
        server.console().until("/v1/inventory/MUG-1", lambda page: len(page["data"]) == 2, "the other shelf is listed")
        require(shelves(kontor, shop) == {"main": 30, "north": 20}, "and arrive, once: %s" % shelves(kontor, shop))
        for units, to in (31, "north"), (1, "main"):
            answer = transfer(units, to)
            require(answer.code != 0 and '"code":"E' in answer.err, "%s to %s is refused: %s" % (units, to, answer))
        require(shelves(kontor, shop) == {"main": 30, "north": 20}, "what was refused moved nothing")


def check_large_count(kontor):
    """A shelf with more than one adjustment takes can be counted, once however often it is asked; and what is refused is
    refused in the words of who counts, with nothing of it noted."""
    with Directory() as here, Served(here / "shop") as server:
        shop = here / "shop"
        stock_up(server.console(), units=1000000)

        def run(*args):
            return kontor.run("stock", *args, "--data", shop, "--json")

        require(run("receive", "mug-1", 1000000).code == 0 and run("receive", "MUG-1", 7).code == 0, "units arrive")
        for counted in 0, 0, 2500001:
            answer = run("count", "MUG-1", counted, "--key", "count-%d" % counted)
            require(answer.code == 0 and answer.json()["on_hand"] == counted, "%d are there: %s" % (counted, answer))
        moves = [row["data"]["delta"] for row in run("movements", "MUG-1").json_lines() if row["type"] == "stock.adjusted"]
        require(moves == [-1000000, -1000000, -7, 1000000, 1000000, 500001], "step by step: %s" % moves)
        placed = server.console().ask("POST", "/v1/orders", order_body(server.console()), key="one")
        require(placed.status == 201, "an order is placed: %s" % placed)
        server.console().until("/v1/inventory/MUG-1/main", lambda item: item["reserved"] == 2, "two are promised")
        answer = run("count", "MUG-1", 1)
        require(answer.code == 4 and "1 were counted, and 2 are promised" in answer.err, "promised units stay: %s" % answer)
        answer = run("adjust", "MUG-1", "--by", 1000001, "--reason", "found a crate")
        require(answer.code == 1 and "--by: an integer from" in answer.err, "what was typed is named: %s" % answer)
        answer = run("count", "MUG-1", 2**63 - 1)
        require(answer.code == 2 and "were counted" in answer.err, "so many is a slip: %s" % answer)
        require(shelves(kontor, shop) == {"main": 2500001}, "nothing of it was noted: %s" % shelves(kontor, shop))


def check_number(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop = here / "shop"
        console = server.console()
        stock_up(console)
        placed = console.ask("POST", "/v1/orders", order_body(console), key="one")
        require(placed.status == 201, "an order is placed: %s" % placed)
        order = placed.json()
        console.until("/v1/orders?number=" + order["number"], lambda page: len(page["data"]) == 1, "the number is known")
        for name in order["id"], order["number"], order["number"].lower():
            answer = kontor.run("order", "show", name, "--data", shop, "--json")
            require(answer.code == 0 and answer.json()["id"] == order["id"], "%s finds it: %s" % (name, answer))
        answer = kontor.run("order", "cancel", order["number"], "--reason", "too late", "--data", shop)
        require(answer.code == 0, "and cancels it: %s" % answer)
        answer = kontor.run("order", "show", "0000-0000", "--data", shop)
        require(answer.code == 3 and "E3001" in answer.err, "another number is unknown: %s" % answer)


class Moves(unittest.TestCase):
    def test_units_go_to_another_place_whole_and_once(self):
        check_transfer(Kontor())

        def loses_one(answer):
            answer.out = answer.out.replace('"on_hand":20', '"on_hand":19')

        with self.assertRaises(AssertionError):
            check_transfer(Liar(loses_one))

    def test_a_large_shelf_is_counted(self):
        check_large_count(Kontor())

        def one_more(answer):
            if answer.args[:2] == ["stock", "count"]:
                answer.out = answer.out.replace('"on_hand":0', '"on_hand":1')

        with self.assertRaises(AssertionError):
            check_large_count(Liar(one_more))

    def test_an_order_is_found_by_the_number_that_people_read(self):
        check_number(Kontor())

        def knows_it_not(answer):
            answer.code = 3

        with self.assertRaises(AssertionError):
            check_number(Liar(knows_it_not))
