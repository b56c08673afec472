"""Files that people hand in: what is no table is refused and leaves nothing behind, what is one is read as it is meant."""

import csv
import io
import os
import unittest

from kontor import Directory, Kontor, Liar, books, require, sample

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
SALE = "1,A1,RED MUG,6,2010-12-01 08:26:00,2.55,7,United Kingdom\n"

NO_TABLES = {
    "an empty file": (b"", "empty"),
    "zeros": (bytes(10000), "no text"),
    "noise": (bytes((i * 7919 + i // 251) % 256 for i in range(300000)), "line 1"),
    "one endless line": (b"x" * 1000000, "longer than"),
    "half a line": (b"InvoiceNo,StockCode,Descr", "missing"),
    "a header alone": (HEADER.encode(), "no rows"),
    "half a row": ((HEADER + "536365,85123A,WHI").encode(), "not one row"),
    "half a last row": ((HEADER + SALE + SALE[:20]).encode(), "middle of this line"),
    "half a last country": ((HEADER + SALE + SALE[:-5]).encode(), "middle of this line"),
    "columns of another table": (b"name,price\nmug,2\n", "UnitPrice"),
    "a column too few": (HEADER.replace(",UnitPrice", "").encode() + b"1,A1,MUG,6,2010-12-01 08:26:00,7,France\n",
                         "UnitPrice"),
    "a column twice": (HEADER.replace("Country", "Quantity").encode() + SALE.encode(), "Quantity"),
    "UTF-16": ((HEADER + SALE).encode("utf-16"), "UTF-8"),
}


def check_no_tables(kontor):
    for name, (content, word) in NO_TABLES.items():
        with Directory() as here:
            path = here.file("table.csv", content)
            answer = kontor.run("import", "online-retail", path, "--data", here / "shop")
            require(answer.code == 2, "%s is refused with 2: %s" % (name, answer))
            require(word in answer.err and path in answer.err, "%s: the error says '%s' and where: %s" %
                    (name, word, answer))
            require(os.listdir(here.path) == ["table.csv"], "%s left something behind: %s" %
                    (name, os.listdir(here.path)))


def part_of_sample():
    with open(sample(), encoding="utf-8", newline="") as file:
        return [line for line in csv.reader(file)][:400]


def written(rows, **format_):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=format_.pop("lineterminator", "\n"), **format_).writerows(rows)
    return out.getvalue()


def tables():
    """One table, as different programs write it. The books must be the same."""
    rows = part_of_sample()
    yield "plain", written(rows).encode()
    yield "with a byte order mark", b"\xef\xbb\xbf" + written(rows).encode()
    yield "with CRLF", written(rows, lineterminator="\r\n").encode()
    yield "without an end of the last line", written(rows).rstrip("\n").encode()
    yield "everything quoted", written(rows, quoting=csv.QUOTE_ALL).encode()
    yield "columns in another sequence", written([row[::-1] for row in rows]).encode()
    yield "a column more", written([[str(i)] + row for i, row in enumerate(rows)]).encode()


def books_of(kontor, here, content):
    answer = kontor.run("import", "online-retail", here.file("table.csv", content), "--data", here / "shop", "--json")
    require(answer.code == 0, "the table is imported: %s" % answer)
    require(answer.json()["holds"], "its books hold: %s" % answer)
    return books(kontor, here / "shop")


def check_tables(kontor):
    expected = None
    for name, content in tables():
        with Directory() as here:
            found = books_of(kontor, here, content)
        expected = expected or found
        require(found == expected, "the books of a table %s are others" % name)


TITLES = {
    'MUG "BIG" red, blue': b'"MUG ""BIG""\nred, blue"',
    "CAF\u00c9 \u00a3 TIN": "CAF\u00c9 \u00a3 TIN".encode("latin-1"),
    "T\u00c9 \u2615": "T\u00c9 \u2615".encode(),
    'RULER 12" LONG': b'RULER 12" LONG',
}


def check_titles(kontor):
    for title, field in TITLES.items():
        with Directory() as here:
            books_of(kontor, here, HEADER.encode() + SALE.encode().replace(b"RED MUG", field))
            order = kontor.run("order", "list", "--data", here / "shop", "--json").json()["id"]
            shown = kontor.run("order", "show", order, "--data", here / "shop", "--json").json()
            found = [line["title"] for line in shown["lines"]]
            require(found == [title], "the title is %r, not %r" % (title, found))


def check_malformed_row(kontor):
    """A row that is none: the others are imported, and it is reported with its line and what is wrong with it."""
    with Directory() as here:
        path = here.file("table.csv", (HEADER + SALE + SALE.replace(",6,", ",six,") + SALE).encode())
        answer = kontor.run("import", "online-retail", path, "--data", here / "shop", "--json")
        require(answer.code == 0, "the other rows are imported: %s" % answer)
        malformed = [group for group in answer.json()["groups"] if group["class"] == "malformed"]
        require(len(malformed) == 1 and malformed[0]["rows"] == 1, "the row is counted: %s" % malformed)
        found = malformed[0]["samples"][0]
        require(found["line"] == 3 and found["why"].startswith("Quantity"), "line and field are named: %s" % malformed)


def check_unknown_country(kontor):
    with Directory() as here:
        path = here.file("table.csv", (HEADER + SALE.replace("United Kingdom", "Atlantis")).encode())
        answer = kontor.run("import", "online-retail", path, "--data", here / "shop", "--json")
        require(answer.code == 0, "the order is imported: %s" % answer)
        require("Atlantis" in answer.err, "who looks hears of the country: %s" % answer)
        require(answer.json()["figures"]["countries_unknown"] == "1", "it is counted: %s" % answer)


class Files(unittest.TestCase):
    def rings(self, check, change):
        with self.assertRaises(AssertionError):
            check(Liar(change))

    def test_what_is_no_table_is_refused_and_leaves_nothing_behind(self):
        check_no_tables(Kontor())

        def leaves_a_shop(answer):
            shop = answer.args[answer.args.index("--data") + 1]
            os.makedirs(os.path.join(shop, "journal"))

        def is_vague(answer):
            answer.err = "kontor: something went wrong\n"

        self.rings(check_no_tables, leaves_a_shop)
        self.rings(check_no_tables, is_vague)

    def test_a_table_is_the_same_whoever_wrote_it(self):
        check_tables(Kontor())
        calls = []

        def one_order_is_another(answer):
            calls.append(answer)
            if answer.args[:2] == ["order", "list"] and len(calls) > 12:
                answer.out = answer.out.replace("GB", "FR", 1)

        self.rings(check_tables, one_order_is_another)

    def test_titles_are_read_as_they_were_meant(self):
        check_titles(Kontor())

        def ascii_only(answer):
            answer.out = answer.out.encode("ascii", "replace").decode()

        self.rings(check_titles, ascii_only)

    def test_a_malformed_row_is_reported_and_costs_nothing_else(self):
        check_malformed_row(Kontor())

        def forgets_it(answer):
            answer.out = answer.out.replace('"class":"malformed"', '"class":"order_line"')

        def is_vague(answer):
            answer.out = answer.out.replace('"why":"Quantity', '"why":"a field')

        self.rings(check_malformed_row, forgets_it)
        self.rings(check_malformed_row, is_vague)

    def test_a_country_that_nobody_knows_is_told(self):
        check_unknown_country(Kontor())

        def is_silent(answer):
            answer.err = ""

        self.rings(check_unknown_country, is_silent)
