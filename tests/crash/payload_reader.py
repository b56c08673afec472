#!/usr/bin/env python3
"""Decodes what events hold, by docs/reference/payload-format.md and the fields of docs/reference/events.md alone.

    payload_reader.py TYPE HEXADECIMAL

Prints one fact as JSON. A byte that the grammar does not want, and one that is left over, ends with exit code 1.
"""
import base64
import datetime
import json
import os
import re
import sqlite3
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "reference", "events.md")
WHOLE_NUMBERS = {"integer", "quantity", "count", "basis points"}
SIGNED_NUMBERS = {"signed integer", "change of stock", "duration in microseconds"}
TEXTS = {"text", "short text", "SKU", "coupon code", "location", "country"}
CURRENCIES = {36: "AUD", 124: "CAD", 208: "DKK", 392: "JPY", 414: "KWD", 578: "NOK", 752: "SEK", 756: "CHF", 826: "GBP", 840: "USD",
              978: "EUR", 985: "PLN", 999: "XXX"}  # of ISO 4217 what our samples and shops have
NO_CURRENCY = 999
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Unreadable(Exception):
    pass


class Words:
    """Reads the words of a page's column: `line: integer, note?: text, lines: list of {…}`."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def take(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def fields(self):
        fields = []
        while field := self.take(r"(\w+)(\??): "):
            fields.append((field[1], field[2] == "?", self.type()))
            if not self.take(", "):
                break
        return fields

    def type(self):
        for name in "list", "personal":
            if self.take("list of " if name == "list" else "personal "):
                return (name, self.type())
        if self.take("{"):
            fields = self.fields()
            if not self.take("}"):
                raise Unreadable("a brace stays open: %s" % self.text)
            return ("record", fields)
        word = self.take("[^,}]+")[0].strip()
        if re.fullmatch(r"\w+ \d+( or \w+ \d+)*", word):
            numbered = (one.split() for one in word.split(" or "))
            return ("enumeration", {int(number): name for name, number in numbered})
        return ("plain", word)


def the_page():
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


def types_of(page):
    """{number: (name, version, fields)}."""
    types = {}
    for row in re.finditer(r"^\| (\d+) \| `([a-z_.]+)` \| (\d+) \| \w+ \| (.*)\|$", page, re.M):
        words = Words(row[4].strip())
        types[int(row[1])] = row[2], int(row[3]), words.fields()
        if words.at != len(words.text):
            raise Unreadable("the fields of %s end at %r" % (row[2], words.text[words.at:]))
    return types


def id_text(sixteen):
    number = int.from_bytes(sixteen, "big")
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def instant_text(microseconds):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=microseconds)
    return at.isoformat() + "Z"


def event_id(command, number):
    """The id of the event of that number, from 0, in the commit of a command."""
    import xxhash
    digest = xxhash.xxh3_128(command + number.to_bytes(8, "little") + b"event").digest()
    return command[:6] + digest[:2] + digest[8:]


class Payload:
    """`open_sealed(path, bytes)` gives a sealed value's bytes, or None where nobody can open it."""

    def __init__(self, data, open_sealed=None):
        self.data, self.at, self.currency, self.open_sealed = data, 0, NO_CURRENCY, open_sealed

    def bytes(self, count):
        taken = self.data[self.at:self.at + count]
        if len(taken) < count:
            raise Unreadable("%d bytes are wanted at offset %d, %d are left" % (count, self.at, len(taken)))
        self.at += count
        return taken

    def one_of(self, count, what):
        byte = self.bytes(1)[0]
        if byte >= count:
            raise Unreadable("%s is %d at offset %d" % (what, byte, self.at - 1))
        return byte

    def varint(self):
        value, shift = 0, 0
        while True:
            part = self.bytes(1)[0]
            value |= (part & 0x7f) << shift
            if part < 0x80:
                break
            shift += 7
        if value >= 1 << 64 or (part == 0 and shift > 0):
            raise Unreadable("a number is too long at offset %d" % (self.at - 1))
        return value

    def zigzag(self, folded=None):
        folded = self.varint() if folded is None else folded
        return folded >> 1 if folded & 1 == 0 else -(folded >> 1) - 1

    def named_currency(self):
        self.currency = self.varint()
        return self.currency_text()

    def currency_text(self):
        if self.currency not in CURRENCIES:
            raise Unreadable("currency %d is none that this reader knows, at offset %d" % (self.currency, self.at))
        return CURRENCIES[self.currency]

    def money(self):
        stored, before = self.varint(), self.currency
        if stored & 1 and self.named_currency() == CURRENCIES[before]:
            raise Unreadable("a currency is named again at offset %d" % self.at)
        return {"amount": self.zigzag(stored >> 1), "currency": self.currency_text()}

    def plain(self, word):
        if word in WHOLE_NUMBERS:
            return self.varint()
        if word in SIGNED_NUMBERS:
            return self.zigzag()
        if word in TEXTS:
            return self.bytes(self.varint()).decode("utf-8", "replace")
        if word == "id" or word.startswith("id "):
            return word[3:].rstrip("…") + id_text(self.bytes(16))
        if word == "true or false":
            return self.one_of(2, "a flag") == 1
        if word == "instant":
            return instant_text(self.zigzag())
        if word == "bytes":
            return base64.b64encode(self.bytes(self.varint())).decode()
        if word == "money":
            return self.money()
        if word == "currency":
            return self.named_currency()
        raise Unreadable("the page says nothing of %r" % word)

    def personal(self, inner, path):
        form = self.one_of(3, "the form of a personal value")
        if form == 0:
            return self.value(inner, path)
        if form == 2:
            return None
        sealed = self.bytes(self.varint())
        if self.open_sealed is None:
            return {"sealed": base64.b64encode(sealed).decode()}
        clear = self.open_sealed(path, sealed)
        return None if clear is None else Payload(clear).whole(lambda value: value.value(inner, path))

    def value(self, of, path):
        kind, inner = of
        if kind == "plain":
            return self.plain(inner)
        if kind == "enumeration":
            number = self.varint()
            if number not in inner:
                raise Unreadable("%d stands for none of %s at offset %d" % (number, sorted(inner.values()), self.at - 1))
            return inner[number]
        if kind == "list":
            return [self.value(inner, "%s.%d" % (path, index)) for index in range(self.varint())]
        if kind == "personal":
            return self.personal(inner, path)
        return self.record(inner, path + ".")

    def record(self, fields, path=""):
        values = {}
        for name, is_optional, of in fields:
            if not is_optional or self.one_of(2, "a flag"):
                values[name] = self.value(of, path + name)
        return values

    def event(self, fields):
        """The bytes may end before any of the optional fields that stand last."""
        last = len(fields)
        while last > 0 and fields[last - 1][1]:
            last -= 1
        values = self.record(fields[:last])
        for name, is_optional, of in fields[last:]:
            if self.at < len(self.data):
                values.update(self.record([(name, is_optional, of)]))
                if self.at == len(self.data) and name not in values:
                    raise Unreadable("%s is absent and written, at the end" % name)
        return values

    def whole(self, read):
        """A newer writer may have added fields; this reader knows them all, and wants none left over."""
        value = read(self)
        if self.at != len(self.data):
            raise Unreadable("%d bytes are left over at offset %d" % (len(self.data) - self.at, self.at))
        return value


class Keys:
    """The keys of people, as kontor keeps them beside the journal."""

    def __init__(self, directory):
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        self.cipher = AESGCM
        with open(os.path.join(directory, "master.key"), encoding="ascii") as file:
            master = AESGCM(bytes.fromhex(file.read().strip()))
        with sqlite3.connect("file:%s?mode=ro" % os.path.join(directory, "people.sqlite"), uri=True) as book:
            self.keys = {number: wrapped and master.decrypt(wrapped[:12], wrapped[12:], b"kontor key")
                         for number, wrapped in book.execute("SELECT number, wrapped FROM keys")}

    def open(self, event, path, sealed):
        if sealed[0] != 1:
            raise Unreadable("a sealed value has the form %d" % sealed[0])
        key = self.keys.get(int.from_bytes(sealed[1:5], "big"))
        return key and self.cipher(key).decrypt(sealed[5:17], sealed[17:], event + path.encode())


class Facts:
    """Facts of a journal as `kontor stream show --json` gives them; with keys, what is sealed in the clear."""

    def __init__(self, keys=None, page=None):
        self.types, self.keys = types_of(page or the_page()), keys

    def decoded(self, number, payload, event=None):
        """The name of the type, and the fact."""
        if number not in self.types:
            raise Unreadable("the page has no event of number %d" % number)
        name, _, fields = self.types[number]
        opener = self.keys and (lambda path, sealed: self.keys.open(event, path, sealed))
        try:
            return name, Payload(payload, opener).whole(lambda whole: whole.event(fields))
        except Unreadable as error:
            raise Unreadable("%s: %s" % (name, error)) from None


if __name__ == "__main__":
    try:
        print(json.dumps(Facts().decoded(int(sys.argv[1]), bytes.fromhex(sys.argv[2]))[1], ensure_ascii=False))
    except Unreadable as unreadable:
        print(unreadable, file=sys.stderr)
        sys.exit(1)
