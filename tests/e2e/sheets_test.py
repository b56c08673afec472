"""Tables in and out, and the books: what goes out comes in again, twice is once, and each bad line is named."""

import csv
import io
import unittest

from kontor import Directory, Kontor, Liar, copy_shop, last_position, require, undisturbed
from served import Served, order_body

PRODUCTS = "sku,title,tax_class,currency,price,category\n" \
           "mug-1,\"A mug, large\",standard,GBP,8.99,kitchen\n" \
           "mug-1,\"A mug, large\",standard,EUR,10.50,kitchen\n" \
           "cup-1,A cup,standard,GBP,3.00,kitchen\n"
STOCK = "sku,location,on_hand,safety\nMUG-1,main,12,2\nCUP-1,main,7,0\n"


def ask(kontor, shop, *args, code=0):
    answer = kontor.run(*args, "--data", shop)
    require(answer.code == code, "exit code %d is wanted: %s" % (code, answer))
    return answer


def check_twice_is_once(kontor):
    with Directory() as here:
        shop = here / "shop"
        for noun, table in (("product", PRODUCTS), ("stock", STOCK)):
            path = here.file(noun + ".csv", table.encode())
            lines = table.count("\n") - 1
            first = ask(kontor, shop, noun, "import", path, "--json").json()
            require(first["lines"] == first["changed"] == lines and first["bad"] == 0, "all are new: %s" % first)
            facts = last_position(kontor, shop)
            second = ask(kontor, shop, noun, "import", path, "--json").json()
            require(second["changed"] == 0 and second["unchanged"] == lines, "nothing is new: %s" % second)
            require(last_position(kontor, shop) == facts, "the second time adds no fact")
            out = ask(kontor, shop, noun, "export").out
            again = here.file(noun + "-again.csv", out.encode())
            third = ask(kontor, shop, noun, "import", again, "--json").json()
            require(third["changed"] == 0 and third["bad"] == 0, "what went out comes in again: %s" % third)
            elsewhere = here / ("elsewhere-" + noun)
            ask(kontor, elsewhere, noun, "import", again)
            require(ask(kontor, elsewhere, noun, "export").out.split("reserved")[0] == out.split("reserved")[0],
                    "and makes the same elsewhere")
        rows = list(csv.DictReader(io.StringIO(ask(kontor, shop, "product", "export").out)))
        require([(row["sku"], row["currency"], row["price"]) for row in rows] ==
                [("CUP-1", "GBP", "3.00"), ("MUG-1", "EUR", "10.50"), ("MUG-1", "GBP", "8.99")], "prices: %s" % rows)
        shelf = list(csv.DictReader(io.StringIO(ask(kontor, shop, "stock", "export").out)))
        require([(row["sku"], row["on_hand"], row["available"]) for row in shelf] ==
                [("CUP-1", "7", "7"), ("MUG-1", "12", "10")], "stock: %s" % shelf)


def check_bad_lines(kontor):
    with Directory() as here:
        shop = here / "shop"
        table = PRODUCTS + "no sku!,A thing,standard,GBP,1.00,\nBOWL,A bowl,standard,GBP,1.005,\nDISH,,standard,,,\n"
        answer = ask(kontor, shop, "product", "import", here.file("some.csv", table.encode()), "--json", code=6)
        bad = [(line["line"], line["column"]) for line in answer.json()["bad_lines"]]
        require(bad == [(5, "sku"), (6, "price"), (7, "title")], "each bad line is named: %s" % answer)
        require(answer.json()["changed"] == 3, "the others count: %s" % answer)
        below = "sku,location,on_hand\nMUG-1,main,3\nMUG-1,nowhere at all,3\n"
        ask(kontor, shop, "stock", "import", here.file("stock.csv", below.encode()), code=6)
        for name, content in (("empty.csv", b""), ("other.csv", b"colour,size\nred,9\n"), ("noise.csv", bytes(4096))):
            answer = ask(kontor, shop, "product", "import", here.file(name, content), code=2)
            require("column" in answer.err or "text" in answer.err, "what is wrong is said: %s" % answer)
        ask(kontor, shop, "product", "import", here / "nowhere.csv", code=3)


def check_the_books(kontor, spoil=lambda rows: None):
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        balances = {row["account"]: (row["side"], row["balance"]["amount"])
                    for row in ask(kontor, shop, "ledger", "show", "--json").json_lines()}
        require(sum(amount if side == "debit" else -amount for side, amount in balances.values()) == 0,
                "the books balance: %s" % balances)
        for at_rest in "memo:held", "memo:customer", "receivable", "refunds_due", "disputes":
            require(at_rest not in balances, "%s is not at rest: %s" % (at_rest, balances))
        payments = ask(kontor, shop, "payment", "list", "--limit", "1000000", "--json").json_lines()
        captured = sum(row["captured"]["amount"] for row in payments if "captured" in row)
        refunded = sum(row["refunded"]["amount"] for row in payments if "refunded" in row)
        require(balances["provider"] == ("debit", captured - refunded), "the provider owes the net: %s" % balances)
        entries = list(csv.DictReader(io.StringIO(ask(kontor, shop, "ledger", "export").out)))
        from_provider = [row for row in entries if "provider" in (row["debit"], row["credit"])]
        net = sum(round(float(row["amount"]) * 100) * (1 if row["debit"] == "provider" else -1)
                  for row in from_provider)
        require(net == captured - refunded, "the journal says the same")
        require(ask(kontor, shop, "ledger", "show", "--at", "1", "--json").out == "", "nothing was posted at first")
        payouts = []
        for row in payments:
            for kind in "captured", "refunded":
                if row.get(kind, {"amount": 0})["amount"] != 0:
                    payouts.append([row["id"], "capture" if kind == "captured" else "refund",
                                    "%d.%02d" % divmod(row[kind]["amount"], 100), "GBP"])
        spoil(payouts)
        file = here.file("payouts.csv", ("payment,kind,amount,currency\n" +
                                         "".join(",".join(row) + "\n" for row in payouts)).encode())
        answer = ask(kontor, shop, "ledger", "reconcile", file, "--json")
        require(answer.json()["matched"] == len(payouts), "every payout is matched: %s" % answer)
        payouts[0][2] = "0.01"
        del payouts[1]
        file = here.file("payouts.csv", ("payment,kind,amount,currency\n" +
                                         "".join(",".join(row) + "\n" for row in payouts)).encode())
        sums = ask(kontor, shop, "ledger", "reconcile", file, "--json", code=7).json()
        require(sums["different"] == 1 and sums["missing"] == 1, "what differs is counted: %s" % sums)


def check_invoices(kontor):
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        orders = ask(kontor, shop, "order", "list", "--limit", "1000000", "--json").json_lines()
        some = [row["id"] for row in orders if row["state"] == "completed"][:5]
        require(ask(kontor, shop, "order", "invoice", some[0], "--json").out == "", "nothing is numbered yet")
        ask(kontor, shop, "order", "invoice", some[0], "--issue")
        facts = last_position(kontor, shop)
        ask(kontor, shop, "order", "invoice", some[0], "--issue")
        require(last_position(kontor, shop) == facts, "each dispatch has one invoice")
        for order in some:
            documents = ask(kontor, shop, "order", "invoice", order, "--json").json_lines()
            require(documents and documents[0]["kind"] == "invoice", "it was invoiced: %s" % documents)
            require(documents[0]["number"].startswith("INV-2010-"), "in the year it left: %s" % documents)
        for kind, noun in ((1001, "invoice"), (1002, "credit note")):
            listed = kontor.run("stream", "show", "documents-2010", "--limit", 1000000, "--data", shop, "--json")
            numbers = [fact["data"]["number"] for fact in listed.json_lines()
                       if fact["type"] == ("invoice.issued" if kind == 1001 else "credit_note.issued")]
            require(numbers == list(range(1, len(numbers) + 1)), "a gap among the numbers of %ss" % noun)
            require(numbers, "there is a %s" % noun)
        ask(kontor, shop, "order", "invoice", "ord_00000000000000000000000000", code=3)
        ask(kontor, shop, "order", "invoice", "nonsense", code=2)


def check_beside_a_server(kontor):
    with Directory() as here, Served(here / "shop") as server:
        shop = here / "shop"
        for noun, table in (("product", PRODUCTS), ("stock", STOCK)):
            path = here.file(noun + ".csv", table.encode())
            lines = table.count("\n") - 1
            first = ask(kontor, shop, noun, "import", path, "--json").json()
            require(first["lines"] == first["changed"] == lines and first["bad"] == 0, "all are new: %s" % first)
            second = ask(kontor, shop, noun, "import", path, "--json").json()
            require(second["changed"] == 0 and second["unchanged"] == lines, "nothing is new: %s" % second)
        bad = here.file("bad.csv", (PRODUCTS + "no sku!,A thing,standard,GBP,1.00,\n").encode())
        answer = ask(kontor, shop, "product", "import", bad, "--json", code=6).json()
        require([(line["line"], line["column"]) for line in answer["bad_lines"]] == [(5, "sku")], "named: %s" % answer)
        console, buyer = server.console(), server.shop(server.token)
        order = buyer.ask("POST", "/v1/orders", order_body(buyer), key="books-1").json()
        order = buyer.until("/v1/orders/" + order["id"], lambda o: o["shipments"], "packed")
        parcel = "/v1/shipments/" + order["shipments"][0]["id"]
        buyer.ask("POST", parcel + "/dispatch", {"carrier": "post", "tracking": "T1"}, key="books-2")
        order = buyer.until("/v1/orders/" + order["id"], lambda o: o["payments"][0]["captured"] == o["total"], "captured")
        balances = {row["account"]: row["balance"]["amount"]
                    for row in ask(kontor, shop, "ledger", "show", "--json").json_lines()}
        require(balances["provider"] == order["total"]["amount"], "the provider owes it: %s" % balances)
        require(ask(kontor, shop, "ledger", "show", "--at", "1", "--json").out == "", "nothing was posted at first")
        entries = list(csv.DictReader(io.StringIO(ask(kontor, shop, "ledger", "export").out)))
        require([row["fact"] for row in entries][-1] == "payment.captured", "the journal: %s" % entries)
        payout = "%s,capture,%d.%02d,GBP\n" % ((order["payments"][0]["id"],) + divmod(order["total"]["amount"], 100))
        good = here.file("payouts.csv", ("payment,kind,amount,currency\n" + payout).encode())
        require(ask(kontor, shop, "ledger", "reconcile", good, "--json").json()["matched"] == 1, "matched")
        none = here.file("none.csv", b"payment,kind,amount,currency\n")
        require(ask(kontor, shop, "ledger", "reconcile", none, "--json", code=7).json()["missing"] == 1, "missing")
        while_open = [ask(kontor, shop, *words).out for words in
                      (("ledger", "export"), ("product", "export"), ("stock", "export"))]
        require(server.end().code == 0, "it closes in order")
        closed = [ask(kontor, shop, *words).out for words in
                  (("ledger", "export"), ("product", "export"), ("stock", "export"))]
        require([sorted(each.split()) for each in while_open] == [sorted(each.split()) for each in closed],
                "the same comes out with and without a server")


class Sheets(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def test_the_same_table_twice_changes_nothing(self):
        check_twice_is_once(Kontor())

        def another_price(answer):
            if answer.args[:2] == ["product", "export"]:
                answer.out = answer.out.replace("8.99", "9.99")

        self.rings(check_twice_is_once, Liar(another_price))

    def test_tables_and_books_are_the_same_while_a_server_runs(self):
        check_beside_a_server(Kontor())

        def another_price(answer):
            if answer.args[:2] == ["product", "export"] and "8.99" in answer.out:
                another_price.told = getattr(another_price, "told", 0) + 1
                if another_price.told == 1:
                    answer.out = answer.out.replace("8.99", "9.99")

        self.rings(check_beside_a_server, Liar(another_price))

    def test_each_bad_line_is_named_and_the_others_count(self):
        check_bad_lines(Kontor())

        def says_nothing(answer):
            if answer.code == 6:
                answer.code = 0

        self.rings(check_bad_lines, Liar(says_nothing))

    def test_every_parcel_is_invoiced_once_without_a_gap(self):
        check_invoices(Kontor())

        def one_is_lost(answer):
            if answer.args[:2] == ["stream", "show"]:
                answer.out = answer.out.split("\n", 1)[1]

        self.rings(check_invoices, Liar(one_is_lost))

    def test_the_books_balance_and_are_what_the_provider_paid(self):
        check_the_books(Kontor())
        self.rings(check_the_books, Kontor(), spoil=lambda rows: rows.pop())
