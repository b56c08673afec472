"""What happened to queues and topics is brought once more: archives and replays of a running server."""

import unittest

from kontor import Directory, Kontor, Liar, require
from served import Served, order_body, stock_up


def messages(kontor, shop, queue):
    answer = kontor.run("queue", "show", queue, "--data", shop, "--json")
    require(answer.code == 0, "a queue is shown: %s" % answer)
    return answer.json()["sent"]  # who reads them meanwhile changes nothing


def check_replay(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop, console = here / "shop", server.console()

        def run(*args):
            return kontor.run(*args, "--data", shop, "--json")

        def start(name, *more):
            return run("replay", "start", name, "--archive", "ecommerce-archive", "--from", "2000-01-01T00:00:00Z",
                       "--to", "2100-01-01T00:00:00Z", "--reason", "a report was wrong", *more)

        def ended(name):
            console.until("/v1/ops/replays/" + name, lambda replay: replay.get("ended_at"), name + " ends")
            answer = run("replay", "show", name)
            require(answer.code == 0 and answer.json()["state"] == "completed", "%s is complete: %s" % (name, answer))

        stock_up(console)
        placed = console.ask("POST", "/v1/orders", order_body(console, card="tok_decline"), key="one")
        require(placed.status == 201, "an order is placed: %s" % placed)
        console.until("/v1/ops/queues/analytics", lambda queue: queue["sent"] == 1, "a declined payment is a risk")
        placed = console.ask("POST", "/v1/orders", order_body(console), key="two")
        console.until("/v1/orders/" + placed.json()["id"], lambda order: order["state"] == "confirmed", "one is paid")
        told = console.until("/v1/ops/queues/notifications", lambda queue: queue["sent"] >= 1, "its buyer is told")["sent"]
        answer = run("archive", "list")
        require(answer.code == 0 and answer.json_lines()[0]["name"] == "ecommerce-archive", "it is kept: %s" % answer)
        require(run("archive", "show", "ecommerce-archive").json()["events"] >= 2, "with all that was public")

        answer = start("none", "--pattern", '{"detail-type":["order.cancelled"]}')
        require(answer.code == 0 and answer.json()["name"] == "none", "a replay begins: %s" % answer)
        ended("none")
        require(messages(kontor, shop, "analytics") == 1, "nothing was cancelled, so nothing comes")
        require(start("none").code != 0 and '"E4012"' in start("none").err, "a name is used once: %s" % start("none"))
        require('"E4010"' in run("archive", "show", "other").err, "another archive is unknown")
        require(start("wrong", "--rule", "no-such-rule").code != 0, "and so is another rule")

        answer = start("again", "--pattern", '{"detail-type":["payment.declined","order.confirmed"]}')
        require(answer.code == 0, "another begins: %s" % answer)
        ended("again")
        require(messages(kontor, shop, "analytics") == 2, "the declined payment is brought once more")
        require(messages(kontor, shop, "notifications") == told, "no buyer is told twice")
        names = [row["name"] for row in run("replay", "list").json_lines()]
        require(names == ["again", "none"], "both are listed: %s" % names)
        require('"E4013"' in run("replay", "cancel", "again", "--reason", "too late").err, "what has ended stays so")
        verbs = [row["verb"] for row in run("audit", "list").json_lines()]
        require(verbs.count("start_replay") == 2, "the record has both: %s" % verbs)


class Replays(unittest.TestCase):
    def test_what_happened_is_brought_once_more(self):
        check_replay(Kontor())

        def brings_nothing(answer):
            if "queue" in answer.args:
                answer.out = answer.out.replace('"sent":', '"sent":0,"were_sent":')

        with self.assertRaises(AssertionError):
            check_replay(Liar(brings_nothing))
