"""What the reference of the API promises, held against every answer that a check gets."""

import json
import os
import re
import urllib.parse

import jsonschema

from kontor import require

PAGE = os.path.join(os.path.dirname(__file__), "../../docs/reference/openapi.json")


def nothing_more(schema):
    """The same schema, but a member of an object that it does not name is wrong."""
    if isinstance(schema, list):
        return [nothing_more(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: nothing_more(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        strict["additionalProperties"] = False
    return strict


class Reference:
    def __init__(self):
        with open(PAGE, encoding="utf-8") as file:
            page = json.load(file)
        self.operations = page["paths"]
        self.schemas = {"components": nothing_more(page["components"])}
        self.paths = [(re.compile("^" + re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(path)) + "$"), "{" in path, operations)
                      for path, operations in page["paths"].items()]
        self.paths.sort(key=lambda each: each[1])  # a path without names in it is meant before one with them

    def operation(self, method, path):
        for pattern, _, operations in self.paths:
            if pattern.match(path) and method.lower() in operations:
                return operations[method.lower()]
        return None

    def check(self, method, path, reply):
        """The status, the type and each member of the body are what the reference says."""
        path = urllib.parse.urlsplit(path).path
        operation = self.operation(method, path)
        if operation is None:
            require(not path.startswith("/v1") or reply.status in (400, 401, 404, 405),
                    "%s %s is not in the reference, but answers: %s" % (method, path, reply))
            return
        told = "%s %s: " % (method, path)
        described = operation["responses"].get(str(reply.status))
        require(described is not None, told + "the reference knows no status %s" % reply)
        contents = described.get("content", {})
        if not contents or not reply.body:
            require(not reply.body or reply.status == 304, told + "the reference knows no body: %s" % reply)
            return
        kind = reply.headers.get("content-type", "").split(";")[0]
        require(kind in contents, told + "the reference knows no %s: %s" % (kind, reply))
        if not kind.endswith("json"):
            return
        schema = dict(nothing_more(contents[kind].get("schema", {})), **self.schemas)
        errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(reply.json()), key=lambda e: list(e.path))
        require(not errors, told + "%s at /%s in %s" % (
            errors and errors[0].message[:300], "/".join(map(str, errors[0].path)) if errors else "", reply))
