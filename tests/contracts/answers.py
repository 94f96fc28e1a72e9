"""Answers of the API, held to the schemas of Mastodon's contract wherever a test gets one: what apps will read.

Where a clone has no contract beside it, nothing is held to anything.
"""

import functools
import re
from typing import Any

import jsonschema_rs
import msgspec
from docs import contract

from parvis.api.map import endpoints

WRONG = {
    ("GET", "/api/v1/filters"): "it says one filter where a list of them is documented",
    ("GET", "/api/v1/instance"): "it wants an e-mail address even where the operators gave none",
    ("GET", "/api/v2/instance"): "feeds may be disabled since 4.5, which it does not know; and the same address",
}
"""Operations of which the contract itself is wrong."""


def hold_to_contract(method: str, path: str, status: int, body: Any) -> None:
    """Return when the answer is as the contract says, or the contract says nothing of it.

    Raises:
        AssertionError: a client that reads by the contract could not read this.
    """
    if not contract.FILE.exists() or (found := _operation(method, path.partition("?")[0])) is None:
        return
    readings = () if (method, found) in WRONG else _readings(method, found, status)
    problems = [[_told(error) for error in reading.iter_errors(body)] for reading in readings]
    assert not problems or not all(problems), (method, found, status, min(problems, key=len)[:5])


def _told(error: jsonschema_rs.ValidationError) -> str:
    return f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"


@functools.cache
def _ours() -> frozenset[str]:
    return frozenset(endpoint.path for endpoint in endpoints())


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    paths = sorted(contract.document()["paths"], key=lambda path: path.count("{"))  # what is literal goes before
    return [(re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))), path) for path in paths]


def _operation(method: str, path: str) -> str | None:
    if path in _ours() and path not in contract.document()["paths"]:
        return None
    for pattern, template in _patterns():
        if pattern.fullmatch(path) and method.lower() in contract.document()["paths"][template]:
            return template
    return None


@functools.cache
def _readings(method: str, path: str, status: int) -> tuple[jsonschema_rs.Draft202012Validator, ...]:
    """What the body may be read as; one of these must be content with it. None where the contract does not say."""
    answers = _document()["paths"][path][method.lower()]["responses"]
    schema: Any = answers.get(str(status), {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return ()
    components = _document()["components"]
    return tuple(
        jsonschema_rs.Draft202012Validator({"components": components, "allOf": [one]}, validate_formats=True)
        for one in schema.get("anyOf") or [schema]
    )


@functools.cache
def _document() -> dict[str, Any]:
    """The contract, where "one of these" means "any": what is one thing and also another (a quote) is neither in it."""
    read: dict[str, Any] = msgspec.json.decode(contract.FILE.read_bytes().replace(b'"oneOf"', b'"anyOf"'))
    return read
