#!/usr/bin/env python3
"""Holds payload_reader.py, and with it the pages that it was written from, against every stored sample of tests/golden."""

import glob
import json
import os
import re
import sys

from payload_reader import PAGE, Facts, Unreadable, event_id, id_text, the_page

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
FORMAT = os.path.join(os.path.dirname(PAGE), "payload-format.md")

# What a page might say wrongly: two fields in each other's place, a number without its sign, another number for a word.
WRONG_PAGES = [("amount: money, last: true or false", "last: true or false, amount: money"),
               ("available: signed integer", "available: integer"),
               ("restock 1 or damaged 2", "restock 2 or damaged 1")]


def samples():
    """(name and version, file, bytes, what they say) of each."""
    for path in sorted(glob.glob(os.path.join(GOLDEN, "*.hex"))):
        file_name = os.path.basename(path)
        name, version = re.match(r"(.*)\.v(\d+)\.", file_name).groups()
        with open(path, encoding="ascii") as file, open(path[:-3] + "json", encoding="utf-8") as said:
            yield (name, int(version)), file_name, bytes.fromhex(file.read()), json.load(said)


def reading(facts, number, payload):
    """What is read, or why nothing is."""
    try:
        return facts.decoded(number, payload)[1]
    except Unreadable as error:
        return str(error)


def faults_of(facts, number, payload, said):
    """What is wrong with the reader: of this sample, of one with bytes left over, and of ones with a bit flipped."""
    if reading(facts, number, payload) != said:
        yield "it reads %s" % reading(facts, number, payload)
    for more in b"\0", b"\1":
        if not isinstance(reading(facts, number, payload + more), str):
            yield "a byte that is left over is not noticed"
    for at in range(len(payload)):
        changed = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1:]
        if reading(facts, number, changed) == said:
            yield "byte %d says the same when it is changed" % at


def faults(page):
    facts = Facts(page=page)
    numbers = {(name, version): number for number, (name, version, _) in facts.types.items()}
    without = set(numbers)
    for which, file_name, payload, said in samples():
        without.discard(which)
        for fault in faults_of(facts, numbers[which], payload, said):
            yield "%s: %s" % (file_name, fault)
    for name, version in without:
        yield "%s, version %d, has no sample" % (name, version)


def faults_of_the_examples():
    """Of what the page of the format reads and derives before the reader's eyes."""
    with open(FORMAT, encoding="utf-8") as file:
        text = file.read()
    read = re.findall(r"payload_reader\.py (\d+) (\w+)\n +(.*)", text)
    for number, payload, said in read:
        if reading(Facts(), int(number), bytes.fromhex(payload)) != json.loads(said):
            yield "the example of type %s reads otherwise" % number
    command = bytes.fromhex(re.search(r"command id +([0-9a-f ]{47})", text)[1])
    ids = re.findall(r"event id +([0-9a-f ]{47}) +evt_(\w+)", text)
    for number, (in_bytes, in_text) in enumerate(ids):
        if event_id(command, number) != bytes.fromhex(in_bytes) or id_text(event_id(command, number)) != in_text:
            yield "the example id of event %d is another" % number
    if not read or len(ids) < 2:
        yield "the page has no examples"


def main():
    page = the_page()
    found = list(faults(page)) + list(faults_of_the_examples())
    for right, wrong in WRONG_PAGES:
        spoilt = page.replace(right, wrong)
        if spoilt == page or not any(faults(spoilt)):
            found.append("a page that says %r is believed" % wrong)
    print("\n".join(found + ["%d samples of %d types, %d faults" % (len(list(samples())), len(Facts().types), len(found))]))
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ImportError:
        print("python3-xxhash is missing", file=sys.stderr)
        sys.exit(77)
