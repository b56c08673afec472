"""Topics: who gets what is published, who is kept from it and why, and that all of it outlives a kill -9."""

import http.server
import json
import signal
import threading
import unittest
import urllib.request

import kontor as world
from kontor import Directory, Kontor, Liar, require
from served import Served, order_body, stock_up

PLACED = '{"kind":["order.placed"]}'


class Loopback(Kontor):
    """The program with leave to call this machine."""

    def start(self, *args, **options):
        return super().start(*args, environment={"KONTOR_WEBHOOKS__LOOPBACK": "true"}, **options)


class Endpoint:
    """Somebody on this machine who confirms a subscription and answers each message with a status."""

    def __init__(self, status):
        self.status, self.heard = status, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                envelope = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                is_question = envelope["Type"] == "SubscriptionConfirmation"
                outer.heard.append(envelope)
                self.send_response(200 if is_question else outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if is_question:
                    urllib.request.urlopen(envelope["SubscribeURL"], timeout=15).read()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d/in" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Operator:
    """The commands of topics, asked of one shop."""

    def __init__(self, kontor, shop):
        self.kontor, self.shop = kontor, shop

    def run(self, *args):
        return self.kontor.run("topic", *args, "--data", self.shop, "--json")

    def done(self, *args):
        answer = self.run(*args)
        require(answer.code == 0, "%s: %s" % (" ".join(args), answer))
        return answer

    def refused(self, code, *args):
        answer = self.run(*args)
        require(answer.code != 0 and code in answer.err, "%s is refused by %s: %s" % (args[0], code, answer))

    def one(self, topic, identity):
        return self.done("subscription", topic, identity).json()


def bodies_in(kontor, shop, queue):
    answer = kontor.run("queue", "peek", queue, "--data", shop, "--json")
    return [json.loads(letter["body"]) for letter in answer.json_lines()]


def entries(console, verb):
    return console.get("/v1/ops/audit?verb=" + verb)["data"]


def check_topics(kontor):
    with Directory() as here:
        shop = here / "shop"
        operator = Operator(kontor, shop)
        topic = "order-notifications"
        with Served(shop) as server:
            console = server.console()
            stock_up(console)
            names = [each["name"] for each in operator.done("list").json_lines()]
            require(names == ["operations-alerts", topic], "the shop's topics stand: %s" % names)
            own = operator.done("show", topic).json()["subscriptions"]
            require([each["endpoint"] for each in own] == ["notifications"], "its letters come from one: %s" % own)
            operator.refused("E4017", "unsubscribe", topic, own[0]["id"], "--reason", "a test")
            operator.refused("E4036", "subscribe", topic, "analytics", "--filter", '{"kind":"order.placed"}')
            operator.refused("E4022", "subscribe", topic, "nobodys-queue")
            require(not entries(console, "subscribe_to_topic") and not entries(console, "end_subscription"),
                    "what was refused is in no record")

            made = operator.done("subscribe", topic, "analytics", "--filter", PLACED, "--raw", "true").json()
            reply = console.ask("POST", "/v1/orders", order_body(console), key="buy")
            require(reply.status == 201, "an order is placed: %s" % reply)
            console.until("/v1/ops/queues/analytics", lambda queue: queue["waiting"] == 1, "it is told")
            told = bodies_in(kontor, shop, "analytics")
            require(told[0]["kind"] == "order.placed" and told[0]["order"], "and so is which one: %s" % told)
            operator.done("publish", topic, '{"kind":"order.placed","order":"by hand"}')
            operator.done("publish", topic, '{"kind":"order.Placed"}')
            shown = operator.one(topic, made["id"])
            require(shown["matched"] == 2 and shown["filtered"] >= 1 and shown["waiting"] == 2, "it is counted: %s" % shown)

            tested = operator.done("filter-test", topic, "--filter", PLACED, "--message", '{"kind":"order.Placed"}').json()
            near = tested["ways"][0]["fields"][0]["near"][0]
            require(tested["verdict"] == "no_match" and near["differs_in"] == "letter_case", "and why not: %s" % tested)
            server.process.send_signal(signal.SIGKILL)
            server.process.communicate()

        with Served(shop) as server:
            console = server.console()
            rows = operator.done("subscriptions", topic).json_lines()
            require([row["endpoint"] for row in rows].count("analytics") == 1, "it outlives a kill: %s" % rows)
            reply = console.ask("PATCH", "/v1/ops/topics/%s/subscriptions/%s" % (topic, made["id"]), {"raw": False},
                                If_Match='"v7"')
            require(reply.status == 412, "who has not read it changes nothing: %s" % reply)
            changed = operator.done("change", topic, made["id"], "--filter", '{"kind":["hello"]}', "--scope", "attributes").json()
            require(changed["version"] == 2 and changed["scope"] == "attributes", "filter and scope change: %s" % changed)
            operator.done("publish", topic, "any text", "--attribute", "kind=hello")
            require(operator.one(topic, made["id"])["matched"] == 1, "what it wants now comes")
            operator.done("unsubscribe", topic, made["id"], "--reason", "a test is over")
            operator.refused("E4020", "subscription", topic, made["id"])
            for verb in "subscribe_to_topic", "change_subscription", "end_subscription":
                require(len(entries(console, verb)) == 1, "%s is on record once" % verb)
            require(entries(console, "end_subscription")[0]["reason"] == "a test is over", "and so is why")


def check_endpoint(kontor):
    with Directory() as here, Endpoint(500) as endpoint, Served(here / "shop", program=Loopback()) as server:
        operator, console = Operator(kontor, here / "shop"), server.console()
        topic = "operations-alerts"
        made = operator.done("subscribe", topic, endpoint.url).json()
        where = "/v1/ops/topics/%s/subscriptions/%s" % (topic, made["id"])
        require(made["state"] == "pending", "it is asked first: %s" % made)
        console.until(where, lambda it: it["state"] == "confirmed", "it says yes")
        operator.done("publish", topic, '{"severity":"page"}')
        console.until(where, lambda it: it["waiting"] == 1 and it["attempts"] >= 2, "it is called, in vain")
        shown = operator.one(topic, made["id"])
        require(shown["matched"] == 1 and shown["waiting"] == 1, "the message waits for another try: %s" % shown)
        require(endpoint.heard[-1]["Message"] == '{"severity":"page"}', "it has heard it: %s" % endpoint.heard[-1])


class Topics(unittest.TestCase):
    def test_who_wants_a_message_gets_it_and_nobody_else(self):
        check_topics(Kontor())

        def meets_all(answer):
            if "filter-test" in answer.args:
                answer.out = answer.out.replace("no_match", "match")

        with self.assertRaises(AssertionError):
            check_topics(Liar(meets_all))

    def test_an_endpoint_that_fails_is_seen_to_be_behind(self):
        check_endpoint(Kontor())

        def nothing_waits(answer):
            if "subscription" in answer.args:
                answer.out = answer.out.replace('"waiting":1', '"waiting":0')

        with self.assertRaises(AssertionError):
            check_endpoint(Liar(nothing_waits))
