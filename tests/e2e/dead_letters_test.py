"""A message that nobody could handle: found, tried out, edited, sent back; with a running server."""

import json
import unittest

from kontor import Directory, Kontor, Liar, require
from served import Served, stock_up


def delivery(sku, event="evt-1"):
    return json.dumps({"id": event, "detail-type": "stock.delivered",
                       "detail": {"location": "main", "reference": "po-7", "items": [{"sku": sku, "quantity": 5}]}})


def check_dead_letter(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args):
            answer = kontor.run(*args, "--data", shop, "--json")
            require(answer.code == 0, "%s: %s" % (" ".join(args), answer))
            return answer

        def on_hand():
            return console.until("/v1/inventory/MUG-1", lambda stock: stock["data"], "the rows follow")["data"][0]["on_hand"]

        stock_up(console)
        before = on_hand()
        run("queue", "send", "inventory-updates", delivery("MUG-ONE"))
        console.until("/v1/ops/queues/dead-letter", lambda queue: queue["waiting"] == 1, "nobody sells that")
        letter = run("dlq", "list", "dead-letter").json_lines()[0]
        require(letter["source"] == "inventory-updates" and "MUG-ONE" in letter["cause"], "it says why: %s" % letter)
        number = str(letter["number"])

        tried = run("dlq", "try", "dead-letter", number).json()
        require(tried["outcome"] == "unreadable" and "MUG-ONE" in tried["why"], "it would die again: %s" % tried)
        tried = run("dlq", "try", "dead-letter", number, "--edited", delivery("MUG-1")).json()
        require(tried["outcome"] == "accepted", "edited it would not: %s" % tried)
        require([fact["type"] for fact in tried["facts"]] == ["stock.received"], "and this would be written: %s" % tried)
        require(on_hand() == before, "yet nothing came of it")

        run("dlq", "retry", "dead-letter", number, "--edited", delivery("MUG-1"), "--reason", "a typo")
        console.until("/v1/inventory/MUG-1", lambda stock: stock["data"][0]["on_hand"] == before + 5, "it is on the shelf")
        run("queue", "send", "inventory-updates", delivery("MUG-2"))
        console.until("/v1/ops/queues/dead-letter", lambda queue: queue["waiting"] == 1, "another typo")
        number = str(run("dlq", "list", "dead-letter").json_lines()[0]["number"])
        outcome = run("dlq", "try", "dead-letter", number, "--edited", delivery("MUG-1")).json()["outcome"]
        require(outcome == "done_before", "what took effect takes none again: %s" % outcome)


class DeadLetters(unittest.TestCase):
    def test_a_message_that_nobody_could_handle_is_mended(self):
        check_dead_letter(Kontor())

        def all_is_well(answer):
            if "try" in answer.args:
                answer.out = answer.out.replace("unreadable", "accepted")

        with self.assertRaises(AssertionError):
            check_dead_letter(Liar(all_is_well))
