"""What helps people at the command line: completion in a real shell, pages of the manual, a load test with its report."""

import json
import os
import re
import subprocess
import time
import unittest

import kontor as world
from kontor import Directory, Kontor, require
from served import Served, stock_up


def completed(line, data, change=None):
    """What bash offers for a line, the last word of which is half-typed."""
    words = line.split(" ")
    script = "source <(%s completion bash); COMP_WORDS=(%s); COMP_CWORD=%d; _kontor; printf '%%s\\n' \"${COMPREPLY[@]}\"" % (
        world.SETTINGS.kontor, " ".join("'%s'" % word for word in [world.SETTINGS.kontor, "--data", data, *words]), len(words) + 2)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    offered = [word for word in done.stdout.splitlines() if word]
    return change(offered) if change else offered


def orders_once_listed(data, count, seconds=30):
    """All orders of a running shop, once there are so many: lists follow the log, on a busy machine a moment behind."""
    until = time.monotonic() + seconds
    while True:
        listed = Kontor().run("order", "list", "--limit", 100000, "--data", data, "--json").json_lines()
        if len(listed) == count or time.monotonic() > until:
            return listed
        time.sleep(0.2)


def check_bash_completes_what_is_there(change=None):
    with Directory() as here, Served(here / "shop") as server:
        stock_up(server.console(), sku="MUG-1")
        stock_up(server.console(), sku="TEA-1")
        until = server.shop(server.token)
        until.until("/v1/products", lambda page: len(page["data"]) == 2, "both products are listed")
        require(completed("projec", here / "shop", change) == ["projection"], "a noun is completed")
        require(completed("order pl", here / "shop", change) == ["place"], "a verb is completed")
        require(completed("product price M", here / "shop", change) == ["MUG-1"], "a product of the running shop is completed")
        require(completed("load --mix s", here / "shop", change) == ["shop"], "a choice is completed")
        require(completed("load --config ", here / "shop", change) == [], "nothing is made up where a file is wanted")


def check_every_command_has_a_page_of_the_manual(kontor):
    with Directory() as here:
        answer = kontor.run("man", "--to", here / "man", "--json")
        require(answer.code == 0, "the pages are written: %s" % answer)
        pages = os.listdir(here / "man")
        require(answer.json()["pages"] == len(pages) > 50, "as many as it says: %d, %s" % (len(pages), answer))
        require({"kontor.1", "kontor-order-place.1", "kontor-serve.1"} <= set(pages), "each command has its page: %s" % pages)
        for page in pages:
            with open(os.path.join(here / "man", page), encoding="ascii") as file:
                text = file.read()
            require(text.startswith('.TH "%s" 1 ' % page[:-2]), "a page begins with its title: %s" % text[:80])
            unknown = [line for line in text.splitlines() if line.startswith(".") and
                       not re.match(r"\.(TH|SH|TP|BR|nf|fi)\b", line)]
            require(not unknown, "no text is taken for a request: %s" % unknown)
        missing = kontor.run("man", "nonsense")
        require(missing.code == 2, "no page for what does not exist: %s" % missing)


def check_a_load_test_tells_each_level_and_draws_it(change=None):
    with Directory() as here, Served(here / "shop") as server:
        stock_up(server.console(), units=100000)
        program = world.Liar(change) if change else Kontor()
        answer = program.run("load", "--data", here / "shop", "--rate", "40,80", "--for", 1, "--warm-up", 0, "--json",
                             "--report", here / "load.html")
        require(answer.code in (0, 6), "the load is run: %s" % answer)  # 6: this machine was too busy to ask in time
        told = answer.json()
        require([level["asked_per_s"] for level in told["levels"]] == [40, 80], "both levels are told: %s" % answer)
        placed = sum(level["statuses"].get("201", 0) for level in told["levels"])
        require(placed > 60, "orders are placed: %s" % answer)
        listed = orders_once_listed(here / "shop", placed)
        require(len(listed) == placed, "each counted order is in the shop: %d of %d" % (len(listed), placed))
        with open(here / "load.html", encoding="utf-8") as file:
            page = file.read()
        require(page.count("<svg ") == 3 and "src=" not in page and "href=" not in page, "three plots, and nothing is fetched")


def check_orders_in_batches_are_counted_one_by_one(change=None):
    with Directory() as here, Served(here / "shop") as server:
        stock_up(server.console(), units=100000)
        program = world.Liar(change) if change else Kontor()
        answer = program.run("load", "--data", here / "shop", "--rate", 400, "--for", 1, "--warm-up", 0, "--json", "--batch", 20,
                             "--batched", 50, "--report", here / "load.html")
        require(answer.code in (0, 6), "the load is run: %s" % answer)
        told = answer.json()
        level = told["levels"][0]
        require((told["counted_in"], told["batch"], told["batched_percent"]) == ("orders", 20, 50), "it says what it counts: %s" % told)
        require(200 < level["answers"] < 700, "the rate is one of orders: %s" % level)
        require(level["accepted_orders"] == level["answers"] == level["statuses"]["201"], "all are accepted: %s" % level)
        require(level["requests"] < level["answers"], "a request carries many: %s" % level)
        require(level["batch"]["count"] * 20 + level["order"]["count"] == level["answers"], "each is counted once: %s" % level)
        listed = orders_once_listed(here / "shop", level["answers"])
        require(len(listed) == level["answers"], "each counted order is in the shop: %d of %d" % (len(listed), level["answers"]))
        with open(here / "load.html", encoding="utf-8") as file:
            require("50 % of the orders went in batches of 20" in file.read(), "the report says so")


class Tools(unittest.TestCase):
    def test_bash_completes_what_is_there(self):
        check_bash_completes_what_is_there()

    def test_that_check_notices_a_word_too_many(self):
        with self.assertRaises(AssertionError):
            check_bash_completes_what_is_there(change=lambda offered: offered + ["more"])

    def test_every_command_has_a_page_of_the_manual(self):
        check_every_command_has_a_page_of_the_manual(Kontor())

    def test_that_check_notices_a_count_that_is_wrong(self):
        def lie(answer):
            answer.out = answer.out.replace('"pages":', '"pages":1')
        with self.assertRaises(AssertionError):
            check_every_command_has_a_page_of_the_manual(world.Liar(lie))

    def test_a_load_test_tells_each_level_and_draws_it(self):
        check_a_load_test_tells_each_level_and_draws_it()

    def test_that_check_notices_orders_that_nobody_placed(self):
        def lie(answer):
            answer.out = answer.out.replace('"201":', '"201":1')
        with self.assertRaises(AssertionError):
            check_a_load_test_tells_each_level_and_draws_it(change=lie)

    def test_orders_in_batches_are_counted_one_by_one(self):
        check_orders_in_batches_are_counted_one_by_one()

    def test_that_check_notices_requests_counted_as_orders(self):
        def lie(answer):
            told = json.loads(answer.out)
            for level in told["levels"]:
                level["answers"] = level["requests"]
            answer.out = json.dumps(told)
        with self.assertRaises(AssertionError):
            check_orders_in_batches_are_counted_one_by_one(change=lie)
