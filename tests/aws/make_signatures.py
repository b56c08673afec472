#!/usr/bin/env python3
"""Writes signatures.ndjson: requests that botocore signed, for the reader of signatures to be held against.

    make_signatures.py > signatures.ndjson

botocore is the judge: nothing here knows how a signature is made. Requests of AWS's own published suite come first; where its
signature is known, botocore must give the same. The others are made by dice, from a fixed seed. A line is a request as an edge
sees it (raw path and query, headers in lower case, the body in base 64), the secret and the moment.
"""
import base64
import datetime
import json
import random
import sys
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PUBLISHED_KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
PUBLISHED_AT = datetime.datetime(2015, 8, 30, 12, 36, 0)

# Of AWS's "Signature Version 4 test suite", with the signatures that it publishes.
PUBLISHED = [
    ("get-vanilla", "GET", "/", "", {}, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", {}, b"",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-vanilla-empty-query-key", "GET", "/", "Param1=value1", {}, b"", None),
    ("get-vanilla-query-order-value", "GET", "/", "Param1=value2&Param1=value1", {}, b"", None),
    ("get-vanilla-query-unreserved", "GET", "/",
     "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
     "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", {}, b"", None),
    ("get-vanilla-utf8-query", "GET", "/", "%E1%88%B4=bar", {}, b"", None),
    ("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", {}, b"", None),
    ("get-header-value-trim", "GET", "/", "", {"My-Header1": " value1", "My-Header2": ' "a   b   c"'}, b"",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("post-vanilla", "POST", "/", "", {}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-vanilla-query", "POST", "/", "Param1=value1", {}, b"", None),
    ("post-header-key-sort", "POST", "/", "", {"My-Header1": "value1"}, b"",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
    ("post-x-www-form-urlencoded", "POST", "/", "", {"Content-Type": "application/x-www-form-urlencoded"}, b"Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
]

UNRESERVED = "ABCXYZabcxyz0189-_.~"
AWKWARD = UNRESERVED + " /?&=+%*'()!$,:;@#\"<>[]{}|\\^`äß漢😀"


def sign(method, path, query, headers, body, key, service, region, at):
    """The request as it goes out, headers in lower case and in the sequence of their coming."""
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: at
    host = headers.pop("Host", "example.amazonaws.com")
    request = AWSRequest(method=method, url=f"http://{host}{path}" + ("?" + query if query else ""), data=body)
    for name, value in headers.items():
        request.headers[name] = value
    signer = botocore.auth.SigV4Auth(Credentials(*key), service, region)
    signer.add_auth(request)
    sent = [("host", host)] + [(name.lower(), str(value).strip(" ")) for name, value in request.headers.items()]
    return [[name, value] for name, value in sent if name != "host" or value == host]


def line(name, method, path, query, headers, body, key, at):
    print(json.dumps({"name": name, "method": method, "path": path, "query": query, "headers": headers,
                      "body": base64.b64encode(body).decode(), "secret": key[1],
                      "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}, ensure_ascii=True, separators=(",", ":")))


def published():
    for name, method, path, query, headers, body, signature in PUBLISHED:
        signed = sign(method, path, query, dict(headers), body, PUBLISHED_KEY, "service", "us-east-1", PUBLISHED_AT)
        given = dict(map(tuple, signed))["authorization"].rsplit("=", 1)[1]
        if signature is not None and given != signature:
            sys.exit(f"{name}: botocore signs {given}, AWS published {signature}")
        line("published/" + name, method, path, query, signed, body, PUBLISHED_KEY, PUBLISHED_AT)


def word(dice, letters, most):
    return "".join(dice.choice(letters) for _ in range(dice.randint(1, most)))


def by_dice(dice, count):
    for number in range(count):
        method = dice.choice(["POST", "POST", "POST", "GET"])
        # A segment of dots alone would climb, and a slash in one is another segment: the edge refuses both.
        segments = [quote("s" + word(dice, AWKWARD.replace("/", "").replace("\\", ""), 12), safe="~")
                    for _ in range(dice.randint(0, 3))]
        pairs = [quote(word(dice, AWKWARD, 8), safe="~") + "=" + quote(word(dice, AWKWARD, 8) * dice.randint(0, 1), safe="~")
                 for _ in range(dice.choice([0, 0, 1, 3]))]
        body = b"" if method == "GET" else dice.randbytes(dice.choice([0, 1, 64, 300]))
        headers = {"Host": dice.choice(["localhost:8082", "127.0.0.1:8082", "kontor.example"])}
        if method == "POST":
            headers["Content-Type"] = dice.choice(["application/x-amz-json-1.0", "application/x-www-form-urlencoded; charset=utf-8"])
        if dice.random() < 0.5:
            headers["X-Amz-Target"] = "AmazonSQS." + word(dice, "SendMsgReceive", 10)
        for _ in range(dice.randint(0, 3)):
            headers["X-" + word(dice, "abcXYZ-", 6) + "x"] = dice.choice(["", " "]) + "  ".join(
                word(dice, UNRESERVED + ",;:=/", 6) for _ in range(dice.randint(1, 3)))
        key = ("AKID" + word(dice, "ABC123", 12), word(dice, AWKWARD, 40))
        at = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=dice.randint(0, 366 * 86400))
        path = "/" + "/".join(segments)
        query = "&".join(pairs)
        signed = sign(method, path, query, headers, body, key, dice.choice(["sqs", "sns", "events", "sts"]),
                      dice.choice(["us-east-1", "eu-central-1"]), at)
        line(f"dice/{number}", method, path, query, signed, body, key, at)


published()
by_dice(random.Random(20261126), 120)
