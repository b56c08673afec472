"""Which rules of the bus a fact meets, and why not the others: with a running server."""

import unittest

from kontor import Directory, Kontor, Liar, require
from served import Served, order_body, stock_up


def check_rules(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args):
            return kontor.run(*args, "--data", shop, "--json")

        stock_up(console)
        require(console.ask("POST", "/v1/orders", order_body(console), key="buy").status == 201, "an order is placed")
        names = [rule["name"] for rule in run("rule", "list").json_lines()]
        require("order-notifications" in names and "risk-signals" in names, "the shop's rules stand: %s" % names)
        rule = run("rule", "show", "risk-signals").json()
        require(rule["targets"][0]["to"].endswith(":analytics"), "and say where they lead: %s" % rule)

        placed = console.get("/v1/events?type=order.placed")["data"][0]["position"]
        met = run("rule", "matches", "--position", str(placed)).json()
        require(met["rules"] == ["order-notifications"], "an order is told to its buyer: %s" % met)
        event = '{"source":"kontor.payment","detail-type":"payment.Declined","detail":{"metadata":{"actor_kind":"process"}}}'
        missed = run("rule", "matches", "--event", event).json()
        require([miss["rule"] for miss in missed["near_misses"]][:1] == ["risk-signals"], "a near miss is named: %s" % missed)
        near = missed["near_misses"][0]["missed"]["near"][0]
        require(near["differs_in"] == "letter_case", "with what keeps it away: %s" % near)

        tested = run("rule", "test", "--pattern", '{"detail":{"n":[{"numeric":[">",5]}]}}', "--event", '{"detail":{"n":5}}').json()
        require(tested["verdict"] == "no_match" and tested["ways"][0]["fields"][0]["near"][0]["differs_in"] == "range",
                "five is not more than five: %s" % tested)
        refused = run("rule", "test", "--pattern", '{"a":"b"}', "--event", "{}")
        require(refused.code != 0 and "--pattern" in refused.err, "what is no pattern is refused: %s" % refused)
        refused = run("rule", "disable", "risk-signals", "--reason", "a test")
        require(refused.code != 0 and '"E4017"' in refused.err, "the shop needs its rules: %s" % refused)


def check_a_rule_of_ones_own(kontor):
    """Made, met by a fact, changed, refused and removed again, by commands alone."""
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args):
            return kontor.run(*args, "--data", shop, "--json")

        why = ("--reason", "a test")
        pattern = '{"detail-type":["order.placed"]}'
        made = run("rule", "put", "to-analytics", "--pattern", pattern, "--queue", "analytics", *why)
        require(made.code == 0 and made.json()["targets"][0]["id"] == "analytics", "the rule is made: %s" % made)
        before = console.get("/v1/ops/queues/analytics")["waiting"]
        stock_up(console)
        require(console.ask("POST", "/v1/orders", order_body(console), key="buy").status == 201, "an order is placed")
        console.until("/v1/ops/queues/analytics", lambda queue: queue["waiting"] == before + 1, "its fact is in the queue")
        changed = run("rule", "put", "to-analytics", "--pattern", '{"detail-type":["order.expired"]}', "--queue", "analytics", *why)
        require(changed.code == 0 and "expired" in changed.json()["pattern"], "the rule is changed: %s" % changed)
        refused = run("rule", "put", "to-analytics", "--pattern", pattern, "--queue", "nowhere", *why)
        require(refused.code != 0 and "nowhere" in refused.err, "a queue that is none is named: %s" % refused)
        refused = run("rule", "delete", "risk-signals", *why)
        require(refused.code != 0 and '"E4017"' in refused.err, "the shop needs its rules: %s" % refused)
        require(run("rule", "delete", "to-analytics", *why).code == 0, "the rule is removed")
        require(run("rule", "show", "to-analytics").code != 0, "and is gone")


class Rules(unittest.TestCase):
    def test_a_fact_is_held_against_the_rules(self):
        check_rules(Kontor())

        def meets_all(answer):
            if "test" in answer.args:
                answer.out = answer.out.replace("no_match", "match")

        with self.assertRaises(AssertionError):
            check_rules(Liar(meets_all))

    def test_a_rule_of_ones_own_is_made_and_removed_by_commands(self):
        check_a_rule_of_ones_own(Kontor())

        def keeps_the_old_pattern(answer):
            answer.out = answer.out.replace("order.expired", "order.placed")

        with self.assertRaises(AssertionError):
            check_a_rule_of_ones_own(Liar(keeps_the_old_pattern))
