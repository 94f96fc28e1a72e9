"""Writes the OpenAPI 3.1 document from the declared endpoints: their Structs are the schemas, nothing is said twice."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import inspect

from parvis.api.answer import Empty, Error
from parvis.api.endpoint import Endpoint, Nothing
from parvis.api.fields import Upload
from parvis.core.config import Settings
from parvis.people import scopes

REASONS = {
    400: "The request is malformed, or its grant is not good.",
    401: "The token is missing, unknown or revoked.",
    402: "The member's allowance of AI work is spent.",
    405: "The path has other methods.",
    403: "The token lacks the scope, or the account may not do this.",
    404: "There is no such thing, or the caller may not know of it.",
    409: "It contradicts what is already there.",
    413: "The body is too large.",
    422: "The input breaks a rule; `error` says which.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "A part that answers this is not available now.",
}
LINK = {"description": 'Neighbouring pages (`rel="next"`, `rel="prev"`), RFC 8288.', "schema": {"type": "string"}}
FORMS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


def document(settings: Settings, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document, as plain JSON values."""
    shown = [endpoint for endpoint in endpoints if not endpoint.hidden]
    schemas = _Schemas(shown)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in shown:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    address = settings.url
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.name}: the client API",
            "version": "1",
            "description": "Mastodon's client API, with Parvis's own additions under /api/parvis/v1/.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": address}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in shown)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "token": {
                    "type": "oauth2",
                    "flows": {
                        "authorizationCode": {
                            "authorizationUrl": f"{address}/oauth/authorize",
                            "tokenUrl": f"{address}/oauth/token",
                            "scopes": dict.fromkeys(scopes.KNOWN, ""),
                        },
                        "clientCredentials": {
                            "tokenUrl": f"{address}/oauth/token",
                            "scopes": dict.fromkeys(scopes.KNOWN, ""),
                        },
                    },
                }
            },
        },
    }


class _Schemas:
    """The schema of every input and output, under one set of names."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        others = [endpoint for endpoint in endpoints if endpoint.otherwise is not None]
        kinds = [Error, *(endpoint.output for endpoint in endpoints), *(one.otherwise for one in others)]
        bodies = [endpoint.input for endpoint in endpoints if endpoint.input is not Nothing]
        schemas, self.components = msgspec.json.schema_components(
            [*kinds, *bodies], schema_hook=_schema_of, ref_template="#/components/schemas/{name}"
        )
        self.error = schemas[0]
        self.output = {id(endpoint): schemas[1 + at] for at, endpoint in enumerate(endpoints)}
        for other, schema in zip(others, schemas[1 + len(endpoints) : len(kinds)], strict=True):
            self.output[id(other)] = {"anyOf": [self.output[id(other)], schema]}
        self.fields: dict[type, dict[str, tuple[dict[str, Any], bool]]] = {}
        for kind, schema in zip(bodies, schemas[len(kinds) :], strict=True):
            self.fields[kind] = self._fields(schema)
        for schema in schemas[len(kinds) :]:  # inputs are spread over parameters and bodies
            self.components.pop(schema["$ref"].rpartition("/")[2], None)

    def _fields(self, schema: dict[str, Any]) -> dict[str, tuple[dict[str, Any], bool]]:
        whole = self.components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        required = set(whole.get("required", ()))
        return {name: (field, name in required) for name, field in whole.get("properties", {}).items()}


def _schema_of(kind: type) -> dict[str, Any]:
    if kind is Upload:
        return {"type": "string", "format": "binary"}
    raise NotImplementedError(kind)


def _operation(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    fields = dict(schemas.fields.get(endpoint.input, {}))
    parameters: list[dict[str, Any]] = []
    for segment in endpoint.path.split("/"):
        if segment.startswith("{"):
            name = segment[1:-1]
            schema, _ = fields.pop(name)
            parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    parameters += [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string", "maxLength": 200}}
        for name in endpoint.headers
    ]
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "responses": _responses(endpoint, schemas),
    }
    if endpoint.method in {"GET", "DELETE"}:
        parameters += [_query(name, schema, required) for name, (schema, required) in fields.items()]
    elif fields:
        operation["requestBody"] = _body(endpoint, fields)
    if parameters:
        operation["parameters"] = parameters
    if endpoint.scopes or endpoint.who != "anyone":
        needed = [{"token": [scope]} for scope in endpoint.scopes] or [{"token": []}]
        operation["security"] = needed if endpoint.who != "anyone" else [{}, *needed]
    return operation


def _query(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    listed = schema.get("type") == "array"
    return {
        "name": f"{name}[]" if listed else name,
        "in": "query",
        "required": required,
        "schema": schema,
    } | ({"style": "form", "explode": True} if listed else {})


def _body(endpoint: Endpoint, fields: dict[str, tuple[dict[str, Any], bool]]) -> dict[str, Any]:
    kinds = inspect.type_info(endpoint.input)
    uploads = any(_takes_file(field.type) for field in getattr(kinds, "fields", ()))
    plain = {name: schema for name, (schema, _) in fields.items()}
    required = [name for name, (_, needed) in fields.items() if needed]
    whole: dict[str, Any] = {"type": "object", "properties": plain}
    if required:
        whole["required"] = required
    types = ("multipart/form-data",) if uploads else FORMS[:1]
    return {"required": bool(required), "content": {kind: {"schema": whole} for kind in types}}


def _takes_file(kind: inspect.Type) -> bool:
    parts = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return any(isinstance(part, inspect.CustomType) and part.cls is Upload for part in parts)


def _responses(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done." if endpoint.output is Empty else "The answer."}
    if endpoint.media_type == "application/json":
        good["content"] = {"application/json": {"schema": schemas.output[id(endpoint)]}}
    else:
        good["content"] = {endpoint.media_type: {"schema": {"type": "string"}}}
    if endpoint.pages:
        good["headers"] = {"Link": LINK}
    refused = set(endpoint.refuses) | {429}
    if endpoint.who != "anyone" or endpoint.scopes:
        refused |= {401, 403}
    if endpoint.who == "member":
        refused.add(422)
    if "{" in endpoint.path:
        refused.add(404)
    if endpoint.input is not Nothing:
        refused.add(422)
        refused.add(413)
    problem = {"application/json": {"schema": schemas.error}}
    return {str(status): good for status in (endpoint.status, *endpoint.also)} | {
        str(status): {"description": REASONS[status], "content": problem} for status in sorted(refused)
    }
