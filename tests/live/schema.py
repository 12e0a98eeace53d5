#!/usr/bin/env python3
"""Output against its schema: the stored schema is the one of the columns, and rows keep it."""
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile

BIN = os.environ["INTRO_BIN_DIR"]
SCHEMAS = os.path.join(os.environ["INTRO_SOURCE_DIR"], "docs", "schema")

KINDS = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}
# What the schemas use of JSON Schema, and what this checks. Another word is an error here.
KNOWN = {
    "$schema", "title", "description", "type", "const", "pattern", "format", "contentEncoding",
    "items", "properties", "required", "additionalProperties", "minProperties", "$ref", "$defs",
}
DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
BASE64 = re.compile(r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")


def check(value, schema, root, where):
    """Raises ValueError where the value does not keep the schema."""
    unknown = set(schema) - KNOWN
    if unknown:
        raise ValueError(f"{where}: this check does not know {unknown}")
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return check(value, root["$defs"][name], root, where)
    types = schema.get("type")
    if types is not None:
        types = [types] if isinstance(types, str) else types
        if not any(KINDS[t](value) for t in types):
            raise ValueError(f"{where}: {value!r} is none of {types}")
    if "const" in schema and value != schema["const"]:
        raise ValueError(f"{where}: {value!r} is not {schema['const']!r}")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            raise ValueError(f"{where}: {value!r} does not match {schema['pattern']}")
        if schema.get("format") == "date-time" and not DATE_TIME.match(value):
            raise ValueError(f"{where}: {value!r} is no date-time")
        if schema.get("contentEncoding") == "base64" and not BASE64.match(value):
            raise ValueError(f"{where}: {value!r} is not base64")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            check(item, schema["items"], root, f"{where}[{i}]")
    if isinstance(value, dict) and ("properties" in schema or "required" in schema):
        properties = schema.get("properties", {})
        missing = set(schema.get("required", [])) - set(value)
        if missing:
            raise ValueError(f"{where}: lacks {missing}")
        if len(value) < schema.get("minProperties", 0):
            raise ValueError(f"{where}: has no keys")
        for key, item in value.items():
            if key in properties:
                check(item, properties[key], root, f"{where}.{key}")
            elif schema.get("additionalProperties") is False:
                raise ValueError(f"{where}: has the unknown key {key}")


# What else to list with all columns, and a set of names.
MORE = {"ps": ["-T"]}
SET = {"ps": "sig_blocked", "fd": "flags", "fd.shared": "flags"}


def must_fail(name, document, root):
    """A check that cannot fail is none: each of these breaks the schema."""
    row = document["rows"][0]
    broken = [
        {**document, "extra": 1},
        {k: v for k, v in document.items() if k != "errors"},
        {**document, "schema": "other/1"},
        {**document, "rows": [{**row, "pid": "1"}]},
        {**document, "rows": [{**row, "no_such_key": 1}]},
        {**document, "time": "yesterday"},
    ]
    if name in SET:
        broken.append({**document, "rows": [{**row, SET[name] + "_raw": "12"}]})
    for variant in broken:
        try:
            check(variant, root, root, "$")
        except ValueError:
            continue
        raise AssertionError("a broken document passed")
    return len(broken)


def run(tool, *arguments):
    done = subprocess.run([os.path.join(BIN, f"intro-{tool}"), *arguments], stdout=subprocess.PIPE,
                          check=False)
    if done.returncode:
        raise AssertionError(f"intro-{tool} {arguments}: exit status {done.returncode}")
    return done.stdout


def hold(stack):
    """Something for each mode of intro fd, held by this process while `stack` lasts."""
    stack.enter_context(tempfile.TemporaryFile())  # has no name
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    stack.enter_context(listener.dup())
    for end in socket.socketpair():
        stack.enter_context(end)


def check_tool(name):
    """fd.json is of intro fd, and fd.pairs.json of intro fd --pairs."""
    tool, *mode = name.split(".")
    mode = ["--" + word for word in mode]
    stored = open(os.path.join(SCHEMAS, f"{name}.json"), "rb").read()
    if run(tool, *mode, "--print-schema") != stored:
        raise AssertionError(
            f"docs/schema/{name}.json is not what the columns say: if the change is meant, write "
            f"it anew with '{' '.join(['intro-' + tool, *mode])} --print-schema', and raise the "
            "version where a key has gone or changed its type")
    root = json.loads(stored)
    rows = 0
    for extra in ([], ["-o", "all"], ["-o", "all", *MORE.get(name, [])]):
        document = json.loads(run(tool, *mode, "--json", *extra))
        check(document, root, root, "$")
        lines = run(tool, *mode, "--ndjson", *extra).splitlines()
        for i, line in enumerate(lines):
            check(json.loads(line), root["$defs"]["row"], root, f"line {i + 1}")
        rows += len(document["rows"]) + len(lines)
        if not document["rows"] or not lines:
            raise AssertionError("no rows to check")
    return rows, must_fail(name, document, root)


def main():
    with contextlib.ExitStack() as stack:
        hold(stack)
        for file in sorted(os.listdir(SCHEMAS)):
            name = file.removesuffix(".json")
            rows, refused = check_tool(name)
            print(f"{name}: {rows} rows keep the schema; {refused} broken documents refused")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (AssertionError, ValueError) as problem:
        print(f"schema: {problem}", file=sys.stderr)
        sys.exit(1)
