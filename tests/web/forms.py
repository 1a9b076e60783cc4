"""The forms of a page, as a browser finds them, and what somebody hostile writes into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Of an input; without a type it is one of these.
WRITTEN = {"text", "search", "tel", "email", "url", "password", "number"}
PICKED = {"radio", "checkbox"}


@dataclass
class Form:
    """Where it goes, and what it asks for."""

    action: str
    method: str = "get"
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "textarea":
            self.form.texts.append(given["name"])
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select and given.get("value"):
            self.form.given.setdefault(self.select, given["value"])
        elif tag == "button" and given.get("type", "submit") == "submit":
            self.form.buttons.append((given.get("name", ""), given.get("value", "")))
        elif tag == "input" and "name" in given:
            self._input(self.form, given["name"], given)

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "file":
            form.files.append(name)
        elif kind in WRITTEN:
            form.texts.append(name)
        elif kind == "hidden" or kind in PICKED:
            form.given[name] = given.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""


def forms_of(page: str) -> list[Form]:
    reader = FormReader()
    reader.feed(page)
    reader.close()
    return reader.forms
