"""A paused queue: it takes what comes and hands nothing out, to the shop's own services neither, also after a kill -9."""

import json
import signal
import time
import unittest
import urllib.request

from kontor import Directory, Kontor, Liar, require
from served import Served, stock_up

QUEUE = "inventory-updates"


def delivery(event):
    return json.dumps({"id": event, "detail-type": "stock.delivered",
                       "detail": {"location": "main", "reference": event, "items": [{"sku": "MUG-1", "quantity": 5}]}})


def on_hand(console):
    return console.until("/v1/inventory/MUG-1", lambda stock: stock["data"], "the rows follow")["data"][0]["on_hand"]


def receive(server, seconds):
    """As a client of SQS: what came, and how long that took."""
    url, now = server.banner["aws"]["url"].rstrip("/"), time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    body = json.dumps({"QueueUrl": url + "/000000000000/analytics", "WaitTimeSeconds": seconds}).encode()
    scope = "any/%s/us-east-1/sqs/aws4_request" % now[:8]
    signed = "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host;x-amz-date;x-amz-target, Signature=%s" % (scope, "0" * 64)
    request = urllib.request.Request(url + "/", body, {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Date": now,
                                                       "X-Amz-Target": "AmazonSQS.ReceiveMessage", "Authorization": signed})
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read()).get("Messages", []), time.monotonic() - began


def metric(console, name):
    return [line for line in console.ask("GET", "/metrics").body.decode().splitlines() if line.startswith(name + "{")]


def check_pause(kontor):
    with Directory() as here:
        shop = here / "shop"

        def run(*args):
            answer = kontor.run("queue", *args, "--data", shop, "--json")
            require(answer.code == 0, "%s: %s" % (" ".join(args), answer))
            return answer

        with Served(shop) as server:
            console = server.console()
            stock_up(console)
            before = on_hand(console)
            refused = kontor.run("queue", "pause", "nobodys", "--reason", "a test", "--data", shop)
            require(refused.code == 3, "there is no such queue: %s" % refused)
            run("pause", QUEUE, "--reason", "the shelves are counted")
            run("send", QUEUE, delivery("first"))
            run("pause", "analytics", "--reason", "a test")
            run("send", "analytics", "for nobody")
            came, took = receive(server, 1)
            require(not came and took > 0.9, "who waits gets nothing: %s after %.1f s" % (came, took))
            require(any(QUEUE in line for line in metric(console, "kontor_queue_paused")), "metrics have it")
            server.process.send_signal(signal.SIGKILL)
            server.process.communicate()

        with Served(shop) as server:
            console = server.console()
            run("send", QUEUE, delivery("second"))
            shown = run("show", QUEUE).json()
            require(shown.get("paused_at") and shown["waiting"] == 2, "it rests after a kill as well: %s" % shown)
            listed = {each["name"]: each for each in run("list").json_lines()}
            require(listed[QUEUE].get("paused_at") and not listed["notifications"].get("paused_at"), "and no other does")
            require(on_hand(console) == before, "nothing came of it")

            run("resume", QUEUE, "--reason", "they are counted")
            console.until("/v1/inventory/MUG-1", lambda stock: stock["data"][0]["on_hand"] == before + 10, "both are done")
            require(not run("show", QUEUE).json().get("paused_at"), "it goes on")
            reasons = [entry["reason"] for entry in console.get("/v1/ops/audit?verb=pause_queue")["data"]]
            require(sorted(reasons) == ["a test", "the shelves are counted"], "both are on record, and no third: %s" % reasons)


class Pauses(unittest.TestCase):
    def test_a_paused_queue_hands_nothing_out(self):
        check_pause(Kontor())

        def never_rests(answer):
            if "show" in answer.args:
                answer.out = answer.out.replace("paused_at", "changed_at")

        with self.assertRaises(AssertionError):
            check_pause(Liar(never_rests))
