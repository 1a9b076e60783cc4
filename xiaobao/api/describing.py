"""The OpenAPI description: what every call shares, beside what each resource says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import NinjaAPI

from xiaobao.api.answering import codes_of
from xiaobao.api.examples import show
from xiaobao.api.linking import link
from xiaobao.api.resources.facts import FactsAsked
from xiaobao.api.wording import TITLES
from xiaobao.work.scopes import SCOPE_WORDS

if TYPE_CHECKING:
    from ninja.openapi.schema import OpenAPISchema

REFS = "#/components/schemas/{model}"
PREFIX = "/api/v1"
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; codes and fields: docs/problems.md",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:xiaobao:problem:claim_unknown"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong, and what to do"},
        "code": {"type": "string", "description": "stable"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "faults of the request, each with its field",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "rows": {
            "type": "array",
            "description": "facts that cannot be taken, counted from 1",
            "items": {
                "type": "object",
                "properties": {
                    "row": {"type": "integer"},
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_BOUNDS = {"ge": "minimum", "le": "maximum"}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "one request under one key is done once, and answered the same for 72 h",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
    "example": "3f1d7c9e-0c7e-4a53-9d3b-2a9f7a4d1c55",
}
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "zh or en: the language of problems",
    "schema": {"type": "string", "examples": ["en"]},
}


class Api(NinjaAPI):
    """The API with its description made whole."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        describe(schema)
        return schema


def describe(schema: dict[str, Any]) -> None:
    """Write into a description what all calls share."""
    components = schema["components"]
    components["schemas"]["Problem"] = _PROBLEM
    facts = FactsAsked.model_json_schema(ref_template=REFS)
    components["schemas"] |= facts.pop("$defs", {}) | {"FactsAsked": facts}
    shared: dict[str, Any] = {}
    components["responses"] = shared
    components["headers"] = {
        "RateLimit": {
            "description": "calls left in this minute, and seconds until the next",
            "schema": {"type": "string", "examples": ['"minute";r=2999;t=41']},
        },
        "ETag": {
            "description": "names the state; send it back as If-Match to decide on it",
            "schema": {"type": "string"},
        },
    }
    components["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "description": "client credentials; `xiaobao clients add` gives id and secret",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/api/v1/token",
                    "scopes": {name: words[1] for name, words in SCOPE_WORDS.items()},
                }
            },
        }
    }
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _describe_call(method, path.removeprefix(PREFIX), operation, shared)
    link(schema["paths"], PREFIX)
    show(schema["paths"], PREFIX)
    _spell_bounds(schema)


def _spell_bounds(part: Any) -> None:
    """Bounds of numbers that are read before they are checked, as JSON Schema calls them."""
    if isinstance(part, list):
        for one in part:
            _spell_bounds(one)
    elif isinstance(part, dict):
        for ours, theirs in _BOUNDS.items():
            if isinstance(part.get(ours), int):
                part[theirs] = part.pop(ours)
        for one in part.values():
            _spell_bounds(one)


def _describe_call(
    method: str, path: str, call: dict[str, Any], shared: dict[str, Any]
) -> None:  # fmt: skip
    call["parameters"] = [*call.get("parameters", []), _LANGUAGE]
    answers = call["responses"]
    if method == "post":
        call["parameters"].append(_KEY)
    for status, codes in codes_of(method, path, call).items():
        # Most calls share what they are answered with: each such answer is described once.
        name = "Or".join(code.title().replace("_", "") for code in codes)
        shared.setdefault(name, _answer(status, codes))
        answers[str(status)] = {"$ref": f"#/components/responses/{name}"}
    for status, answer in answers.items():
        if str(status).startswith("2"):
            answer.setdefault("headers", {})["RateLimit"] = {
                "$ref": "#/components/headers/RateLimit"
            }


def _answer(status: int, codes: list[str]) -> dict[str, Any]:
    """A problem with this status, and one of these codes."""
    zh, en = TITLES[status]
    return {
        "description": f"{en} · {zh}: {', '.join(codes)}",
        "headers": {"RateLimit": {"$ref": "#/components/headers/RateLimit"}},
        "content": {
            "application/problem+json": {
                "schema": {
                    "allOf": [{"$ref": REFS.format(model="Problem")}],
                    "properties": {"code": {"enum": codes}},
                }
            }
        },
    }
