"""Draw the client's calls and shapes from the API's own description: `make map`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from tests.house.called import GROUPS, NAMES
from tests.house.sources import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLIENT = HOUSE / "client"
SHARED = "shared"
WIDTH = 99
# Shapes that differ in what the API checks alone, and fields that are words of Python's.
SAME = {"Amount": "Money"}
SPOKEN = {"as": "speaker"}
# Told with the tag of what they tell of, to be decided on as it was read.
TAGGED = {"ClaimTold", "ExitWhole"}
FILE = "tuple[str, bytes]"
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_DRAWN = "drawn by `make map` from the OpenAPI, not by hand"


def kind(schema: dict[str, Any], *, asked: bool = False) -> str:
    """A type as Python has it; codes are spelled out where they are asked for."""
    if "$ref" in schema:
        name = str(schema["$ref"].rsplit("/", 1)[1])
        return SAME.get(name, name)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(kind(one, asked=asked) for one in schema["anyOf"]))
    if asked and "enum" in schema:
        return f"Literal[{', '.join(map(_quoted, schema['enum']))}]"
    if schema.get("type") in {"array", "object"}:
        return _many(schema, asked=asked)
    return FILE if schema.get("format") == "binary" else PLAIN.get(schema.get("type", ""), "Any")


def _many(schema: dict[str, Any], *, asked: bool) -> str:
    if schema["type"] == "array":
        return f"{'Sequence' if asked else 'list'}[{kind(schema.get('items', {}), asked=asked)}]"
    rows = schema.get("additionalProperties")
    inside = kind(rows, asked=asked) if isinstance(rows, dict) else "Any"
    return f"{'Mapping' if asked else 'dict'}[str, {inside}]"


def _quoted(text: str) -> str:
    return '"' + text + '"'


@dataclass
class Asked:
    """One parameter of a method."""

    name: str
    sent_as: str
    kind: str
    is_needed: bool

    def __str__(self) -> str:
        if self.is_needed:
            return f"{self.name}: {self.kind}"
        if FILE in self.kind:
            return f"{self.name}: {self.kind} = ()"
        none = "" if self.kind.endswith("None") else " | None"
        return f"{self.name}: {self.kind}{none} = None"


@dataclass
class Call:
    """One call of the description, and the method that makes it."""

    name: str
    method: str
    path: str
    summary: str
    codes: list[str] = field(default_factory=list)
    in_path: list[Asked] = field(default_factory=list)
    in_query: list[Asked] = field(default_factory=list)
    in_body: list[Asked] = field(default_factory=list)
    is_form: bool = False
    has_tag: bool = False
    told: str = "bytes"
    rows: str = ""

    def signature(self) -> Iterator[str]:
        """What the path names, what is needed, and by name what may be left out."""
        given = self.in_query + self.in_body
        yield from ["self", *map(str, self.in_path)]
        yield from (str(one) for one in given if one.is_needed)
        by_name = [str(one) for one in given if not one.is_needed]
        by_name += ["etag: str"] if self.has_tag else []
        by_name += ['key: str = ""'] if self.method == "post" else []
        yield from ["*", *by_name] if by_name else []

    def lines(self) -> Iterator[str]:
        parts = {
            one.sent_as: f"{{{one.name if one.kind == 'int' else f'part({one.name})'}}}"
            for one in self.in_path
        }
        yield from _laid(f"    def {self.name}(", self.signature(), f") -> {self.told}:")
        yield from self._said()
        yield f'        path = {"f" if parts else ""}"{self.path.format(**parts)}"'
        if self.method == "get":
            asked = [f"{one.sent_as}={one.name}" for one in self.in_query]
            before = f'path, "{self.rows}"' if self.rows else "path"
            verb = "pages" if self.rows else "get"
            yield from self._answer(f"self.{verb}(", [before, *asked])
            return
        asked = ["path"]
        sent = [f'"{one.sent_as}": {one.name}' for one in self.in_body if FILE not in one.kind]
        if self.is_form:
            if sent:
                yield from _laid("        form = given({", sent, "})")
            (file,) = (one for one in self.in_body if FILE in one.kind)
            each = f"{file.name})]" if file.kind == FILE else f"one) for one in {file.name}]"
            yield f'        files = [("{file.sent_as}", {each}'
            asked += ["form=form" if sent else "form={}", "files=files"]
        elif sent:
            yield from _laid("        body = given({", sent, "})")
            asked += ["body"]
        asked += ["etag=etag"] if self.has_tag else []
        yield from self._answer("self.post(", [*asked, "key=key"])

    def _said(self) -> Iterator[str]:
        """What the method does, and the problems that are this call's own."""
        if not self.codes:
            yield f'        """{self.summary}."""'
            return
        yield from (f'        """{self.summary}.', "")
        told = f":raises ApiProblem: {', '.join(self.codes)}, or one of any call"
        yield from wrap(told, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8,
                        break_on_hyphens=False)  # fmt: skip
        yield '        """'

    def _answer(self, call: str, asked: list[str]) -> Iterator[str]:
        if self.rows:
            yield from _laid(f"        return {call}", asked, ")")
        elif self.told == "bytes":
            yield from _laid(f"        return {call}", asked, ").content")
        elif self.told in TAGGED:
            yield from _laid(f'        return cast("{self.told}", tagged({call}', asked, ")))")
        else:
            yield from _laid(f'        return cast("{self.told}", {call}', asked, ").json())")


def _laid(head: str, parts: Any, tail: str) -> Iterator[str]:
    """Parts in brackets: on one line where they fit, else on lines of their own."""
    parts = list(parts)
    whole = f"{head}{', '.join(parts)}{tail}"
    if len(whole) <= WIDTH:
        yield whole
        return
    inside = " " * (len(head) - len(head.lstrip()) + 4)
    yield head
    line = ""
    for one in parts:
        if line and len(inside) + len(line) + len(one) + 2 > WIDTH:
            yield f"{inside}{line}"
            line = ""
        line = f"{line} {one},".lstrip()
        *full, line = wrap(line, WIDTH - len(inside), break_long_words=False,
                           break_on_hyphens=False)  # fmt: skip
        yield from (f"{inside}{each}" for each in full)
    yield f"{inside}{line}"
    yield f"{inside[4:]}{tail}"


def own_codes(method: str, path: str) -> list[str]:
    from xiaobao.api.answering import own_codes_of

    return [code for codes in own_codes_of(method, path).values() for code in codes]


def described() -> dict[str, Any]:
    from xiaobao.database.opening import prepare_django

    prepare_django()
    from xiaobao.api.root import api

    return api.get_openapi_schema()


def calls(whole: dict[str, Any]) -> Iterator[tuple[str, Call]]:
    """Every call, with the group that its tag is of."""
    groups = {tag: group for group, tags in GROUPS.items() for tag in tags.split()}
    for path, methods in whole["paths"].items():
        for method, told in methods.items():
            short = path.removeprefix("/api/v1")
            own = own_codes(method, short)
            call = Call(NAMES[f"{method.upper()} {short}"], method, short, told["summary"], own)
            _read_parameters(call, told["parameters"])
            _read_body(call, told.get("requestBody"), whole["components"]["schemas"])
            _read_answer(call, told, whole["components"]["schemas"])
            yield groups[told["tags"][0]], call


def _read_parameters(call: Call, told: list[dict[str, Any]]) -> None:
    for one in told:
        name = one["name"]
        if one["in"] == "header":
            call.has_tag = call.has_tag or name == "If-Match"
        elif name != "cursor":
            where = call.in_path if one["in"] == "path" else call.in_query
            where.append(_asked(name, one["schema"], is_needed=one.get("required", False)))


def _asked(name: str, schema: dict[str, Any], *, is_needed: bool) -> Asked:
    return Asked(SPOKEN.get(name, name), name, kind(schema, asked=True), is_needed)


def _read_body(call: Call, told: dict[str, Any] | None, shapes: dict[str, Any]) -> None:
    if told is None:
        return
    ((media, content),) = told["content"].items()
    call.is_form = media != "application/json"
    shape = content["schema"]
    for one in shape.get("anyOf", ()):
        shape = one if "$ref" in one else shape
    if "$ref" in shape:
        shape = shapes[shape["$ref"].rsplit("/", 1)[1]]
    needed = shape.get("required", [])
    call.in_body = [
        _asked(name, one, is_needed=name in needed)
        for name, one in shape.get("properties", {}).items()
    ]


def _read_answer(call: Call, told: dict[str, Any], shapes: dict[str, Any]) -> None:
    (answer,) = (one for status, one in told["responses"].items() if str(status)[0] == "2")
    if set(answer["content"]) != {"application/json"}:
        return
    call.told = kind(answer["content"]["application/json"]["schema"])
    if any(one["name"] == "cursor" for one in told["parameters"]):
        fields = shapes[call.told]["properties"]
        ((call.rows, rows),) = ((n, one) for n, one in fields.items() if one.get("items"))
        call.told = f"Iterator[{kind(rows['items'])}]"


def shape_lines(name: str, told: dict[str, Any]) -> Iterator[str]:
    yield from ("", "", f"class {name}(TypedDict):")
    first = told.get("description", "").split("\n", 1)[0]
    if first:
        yield from (f'    """{first}"""', "")
    needed = told.get("required", [])
    for one, schema in told.get("properties", {}).items():
        shown = kind(schema)
        yield f"    {one}: {shown if one in needed else f'NotRequired[{shown}]'}"
    if name in TAGGED:
        yield "    etag: str"


def named_in(text: str, shapes: dict[str, Any]) -> set[str]:
    """The shapes that a type names."""
    for sign in '[],|"':
        text = text.replace(sign, " ")
    return {one for one in text.split() if one in shapes}


def used_by(text: str, shapes: dict[str, Any]) -> set[str]:
    """The shapes that a type names, and those that these are made of."""
    found: set[str] = set()
    waiting = named_in(text, shapes)
    while waiting:
        one = waiting.pop()
        found.add(one)
        fields = shapes[one].get("properties", {}).values()
        waiting |= {n for each in fields for n in named_in(kind(each), shapes)} - found
    return found


def draw_calls() -> dict[Path, str]:
    """Every file of calls and shapes, whole."""
    whole = described()
    shapes: dict[str, Any] = whole["components"]["schemas"]
    by_group: dict[str, list[Call]] = {group: [] for group in GROUPS}
    places: dict[str, str] = {}
    for group, call in calls(whole):
        by_group[group].append(call)
        types = " ".join([call.told, *(one.kind for one in call.in_query + call.in_body)])
        for one in used_by(types, shapes):
            places[one] = group if places.get(one, group) == group else SHARED
    drawn = {
        CLIENT / "calls" / f"{group}.py": _calls_drawn(group, by_group[group], shapes, places)
        for group in GROUPS
    }
    for group in dict.fromkeys(sorted(places.values())):
        mine = {name: shapes[name] for name in sorted(shapes) if places.get(name) == group}
        drawn[CLIENT / "shapes" / f"{group}.py"] = _shapes_drawn(group, mine, shapes, places)
    return drawn


def _calls_drawn(
    group: str, made: list[Call], shapes: dict[str, Any], places: dict[str, str]
) -> str:
    body = [line for call in made for line in ["", *call.lines()]]
    text = "\n".join(body)
    helpers = ["Calling", *(one for one in ("given", "part", "tagged") if f"{one}(" in text)]
    types = [one for one in ("Any", "Literal", "cast") if re.search(rf"\b{one}[\[(\],]", text)]
    named = {n for c in made for one in (c.told, *map(str, c.signature()))
             for n in named_in(one.replace(":", " "), shapes)}  # fmt: skip
    told = ", ".join(GROUPS[group].split())
    return "\n".join([
        f'"""Calls about {told}: {_DRAWN}."""', "",
        "# fmt: off", "from __future__ import annotations", "",
        f"from typing import {', '.join(['TYPE_CHECKING', *types])}", "",
        f"from xiaobao.client.calling import {', '.join(helpers)}", "",
        *_imported(text, named, places), "",
        f"class {group.title()}(Calling):",
        f'    """About {told}."""',
        *body, "",
    ])  # fmt: skip


def _shapes_drawn(
    group: str, mine: dict[str, Any], shapes: dict[str, Any], places: dict[str, str]
) -> str:
    body = [line for name, told in mine.items() for line in shape_lines(name, told)]
    text = "\n".join(body)
    types = [one for one in ("Any", "NotRequired", "TypedDict") if re.search(rf"\b{one}\b", text)]
    named = {n for told in mine.values() for each in told.get("properties", {}).values()
             for n in named_in(kind(each), shapes) if places[n] != group}  # fmt: skip
    of = "that several calls share" if group == SHARED else f"of calls about {group}"
    return "\n".join([
        f'"""Shapes {of}: {_DRAWN}."""', "",
        "from __future__ import annotations", "",
        f"from typing import {', '.join((['TYPE_CHECKING'] if named else []) + types)}",
        *(["", *_imported("", named, places)[:-1]] if named else []),
        *body, "",
    ])  # fmt: skip


def _imported(text: str, named: set[str], places: dict[str, str]) -> list[str]:
    """What is imported for types alone."""
    lines = ["if TYPE_CHECKING:"]
    collections = [one for one in ("Iterator", "Mapping", "Sequence") if f"{one}[" in text]
    if collections:
        lines += [f"    from collections.abc import {', '.join(collections)}", ""]
    for place in sorted({places[one] for one in named}):
        names = sorted((one for one in named if places[one] == place), key=str.lower)
        head = f"    from xiaobao.client.shapes.{place} import "
        if len(head) + len(", ".join(names)) <= WIDTH:
            lines.append(f"{head}{', '.join(names)}")
        else:
            lines += [f"{head}(", *(f"        {one}," for one in names), "    )"]
    return [*lines, ""]


def write_calls() -> None:
    drawn = draw_calls()
    for folder in ("calls", "shapes"):
        for path in (CLIENT / folder).glob("[a-z]*.py"):
            if path not in drawn:
                path.unlink()
    for path, text in drawn.items():
        path.write_text(text, encoding="utf-8")
