"""A warehouse that speaks AWS puts deliveries and counts on the shop's bus, while the server is killed at random moments. In the
end each delivery that was accepted is on the shelf once, and what could not be booked is a dead letter that says why.

What is on the shelf is read from the API; what should be there is added up here.
"""
import json
import os
import pathlib
import random
import signal
import tempfile
import time
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

import news

KILLS = 5
DELIVERIES_MIN = 100  # fewer prove nothing


def bus(server):
    return boto3.client("events", endpoint_url=server.banner["aws"]["url"], region_name="us-east-1",
                        aws_access_key_id="any", aws_secret_access_key="any",
                        config=botocore.config.Config(retries={"max_attempts": 1}, connect_timeout=2, read_timeout=5))


def entry(kind, detail):
    return {"EventBusName": "ecommerce-platform", "Source": "partner.warehouse.north", "DetailType": kind,
            "Detail": json.dumps(detail)}


def ask(server, method, path, body=None, key=None):
    headers = {"Authorization": "Bearer " + server.token, "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(server.banner["console"] + path, data, headers, method=method)
    with urllib.request.urlopen(asked, timeout=15) as answer:
        return json.loads(answer.read() or b"null")


def add_product(server, sku):
    ask(server, "POST", "/v1/products", {"sku": sku, "title": "A thing", "tax_class": "standard", "weight_g": 10}, key=f"add-{sku}")


def on_hand(server, sku):
    items = ask(server, "GET", f"/v1/inventory/{sku}")["data"]
    return sum(item["on_hand"] for item in items)


def wait_for(what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False


def deliver(events, dice, skus, accepted, deadline):
    """Puts deliveries until the time is over or the server is gone. What was not answered may have arrived or not."""
    unknown = []
    while time.monotonic() < deadline:
        sent = [(dice.choice(skus), dice.randint(1, 9)) for _ in range(dice.randint(1, 10))]
        try:
            answer = events.put_events(Entries=[
                entry("stock.delivered", {"reference": "po-1", "items": [{"sku": sku, "quantity": units}]})
                for sku, units in sent])
        except botocore.exceptions.BotoCoreError:
            unknown += sent
            break
        for (sku, units), each in zip(sent, answer["Entries"]):
            if "EventId" in each:
                accepted.append((sku, units))
    return unknown


def check(kontor, fail, inventory_works=True):
    """`inventory_works`: false leaves the queue to others, and then nothing of this is true."""
    seed = int(os.environ.get("KONTOR_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
    dice = random.Random(seed)
    skus = [f"W-{number}" for number in range(4)]
    elsewhere = "" if inventory_works else "inventory"
    with tempfile.TemporaryDirectory() as place:
        server = news.Server(kontor, pathlib.Path(place) / "shop", KONTOR_SERVICES__ELSEWHERE=elsewhere)
        accepted, unknown = [], []
        try:
            server.start()
            for sku in skus:
                add_product(server, sku)
            for _ in range(KILLS if inventory_works else 1):
                until = time.monotonic() + dice.uniform(0.3, 0.9)
                unknown += deliver(bus(server), dice, skus, accepted, until)
                server.end(signal.SIGKILL)
                server.start()
            want = {sku: sum(units for each, units in accepted if each == sku) for sku in skus}
            more = {sku: sum(units for each, units in unknown if each == sku) for sku in skus}

            def is_there():
                return all(want[sku] <= on_hand(server, sku) <= want[sku] + more[sku] for sku in skus)
            if not wait_for(is_there, 20 if inventory_works else 2):
                seen = {sku: on_hand(server, sku) for sku in skus}
                return fail(f"warehouse (KONTOR_SEED={seed}): on the shelf {seen}, delivered {want}, perhaps {more} more")
            time.sleep(0.5)  # nothing comes twice behind it
            if not is_there():
                return fail(f"warehouse (KONTOR_SEED={seed}): more is on the shelf than was delivered")
            if len(accepted) < DELIVERIES_MIN:
                return fail(f"warehouse (KONTOR_SEED={seed}): only {len(accepted)} deliveries: that proves nothing")
            check_letters(server, fail, skus[0])
            server.end(signal.SIGTERM)
        finally:
            server.end(signal.SIGKILL)
    print(f"warehouse: {KILLS} kills, {len(accepted)} deliveries, each on the shelf once")


def check_letters(server, fail, sku):
    """A delivery of what the shop does not sell waits as a dead letter until somebody adds the product."""
    bus(server).put_events(Entries=[entry("stock.delivered", {"reference": "po-2", "items": [{"sku": "NEW-1", "quantity": 3}]}),
                               entry("stock.counted", {"items": [{"sku": sku, "counted": 77}]}),
                               entry("stock.counted", {"items": "all"})])

    def letters():
        return ask(server, "GET", "/v1/ops/queues/dead-letter/messages")["data"]
    if not wait_for(lambda: len(letters()) == 2):
        return fail(f"warehouse: wanted two dead letters, saw {letters()}")
    causes = sorted(each["cause"] for each in letters())
    if not any("there is no product NEW-1" in cause for cause in causes) or not any("/items" in cause for cause in causes):
        fail(f"warehouse: the letters say {causes}")
    if not wait_for(lambda: on_hand(server, sku) == 77):
        fail(f"warehouse: counted 77, on the shelf {on_hand(server, sku)}")
    add_product(server, "NEW-1")
    number = next(each["number"] for each in letters() if "NEW-1" in each["cause"])
    ask(server, "POST", f"/v1/ops/dlq/dead-letter/messages/{number}/retry", {"reason": "the product is there now"}, key="again")
    if not wait_for(lambda: on_hand(server, "NEW-1") == 3):
        fail("warehouse: the letter was sent again, and its units are not on the shelf")


def check_control(kontor, fail):
    """With nobody who works, the checks above must fail."""
    complaints = []
    check(kontor, complaints.append, inventory_works=False)
    if not complaints:
        fail("warehouse: nobody put anything on a shelf, and the check did not notice")
