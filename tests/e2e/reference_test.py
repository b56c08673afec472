"""Reads whatever a busy shop shows, and holds each answer against the reference of the API."""

import unittest

from kontor import Directory, Kontor, require
from served import REFERENCE, Served


def fill_shop(directory):
    answer = Kontor().run("serve", "--demo=20", "--demo-orders", 40, "--for", 8, "--port", 0, "--data", directory)
    require(answer.code == 0, "a demo fills the shop: %s" % answer)


def names_in(console):
    """Something that exists, for each path with a name in it that begins so."""
    orders = [console.get("/v1/orders/" + row["id"]) for row in console.get("/v1/orders?limit=200")["data"]]
    order = next(each for each in orders if each["payments"] and each["shipments"])
    product = console.get("/v1/products")["data"][0]
    stock = console.get("/v1/inventory")["data"][0]
    fact = console.get("/v1/events?after=0&limit=1")["data"][0]
    names = {"/v1/orders/{id}": order["id"], "/v1/payments/{id}": order["payments"][0]["id"],
             "/v1/shipments/{id}": order["shipments"][0]["id"], "/v1/customers/{id}": order["customer_id"],
             "/v1/products/{sku}": product["sku"], "/v1/inventory/{sku}/{location}": stock["sku"] + "/" + stock["location"],
             "/v1/inventory/{sku}": stock["sku"], "/problems/{code}": "E3005",
             "/v1/ops/projections/{name}": console.get("/v1/ops/projections")["data"][0]["name"],
             "/v1/ops/streams/{stream}": fact["stream"], "/v1/ops/events/{position}": str(fact["position"]),
             "/v1/ops/sagas/{id}": order["id"], "/v1/returns": "?order=" + order["id"]}
    returned = [each for one in orders for each in one["returns"]]
    if returned:
        names["/v1/returns/{id}"] = returned[0]["id"]
    return names


def filled(path, names):
    """The path with what exists in place of its names; none where nothing is known to."""
    for begin in sorted((each for each in names if path.startswith(each)), key=len, reverse=True):
        known = begin.partition("{")[0] + names[begin] + path[len(begin):]
        return None if "{" in known else known
    return None if "{" in path else path


def check_what_is_read_is_what_the_reference_says(shop, change=None):
    with Served(shop, change=change) as server:
        console = server.console()
        names = names_in(console)
        seen, unseen = 0, []
        for path, operations in REFERENCE.operations.items():
            if "get" not in operations or path.endswith("/stream"):
                continue
            asked = filled(path, names)
            answered = asked and console.ask("GET", asked).status == 200
            seen, unseen = seen + bool(answered), unseen + ([] if answered else [path])
        require(seen >= 30, "most of the reference can be read: %d, not %s" % (seen, unseen))


class ReferenceOfTheApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.here = Directory()
        cls.here.__enter__()
        cls.addClassCleanup(cls.here.__exit__)
        cls.shop = cls.here / "shop"
        fill_shop(cls.shop)

    def test_what_is_read_is_what_the_reference_says(self):
        check_what_is_read_is_what_the_reference_says(self.shop)

    def refuse(self, path, lie):
        def change(_, asked, reply):
            if asked == path:
                lie(reply)
        with self.assertRaisesRegex(AssertionError, path):
            check_what_is_read_is_what_the_reference_says(self.shop, change=change)

    def test_that_check_notices_a_member_that_nobody_described(self):
        self.refuse("/v1/shipping-methods", lambda reply: setattr(reply, "body", reply.body.replace(b"{", b'{"x":1,', 1)))

    def test_that_check_notices_a_status_that_nobody_described(self):
        self.refuse("/v1/shipping-methods", lambda reply: setattr(reply, "status", 418))

    def test_that_check_notices_a_type_that_nobody_described(self):
        self.refuse("/v1/shipping-methods", lambda reply: reply.headers.update({"content-type": "text/html"}))
