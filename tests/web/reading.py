"""A page as a browser without scripts reads it: what is wrong with its forms and links."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}
# Attributes that name another address.
LEADS = {"href", "action", "src", "formaction"}
STATIC = "/static/"


class Reader(HTMLParser):
    """Goes through a page once and keeps what it finds wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.wrongs: list[str] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.form: dict[str, bool] | None = None
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append((tag, given))
        self._what_the_policy_blocks(tag, given)
        self._where_it_leads(tag, given)
        if "id" in given:
            self.ids.append(str(given["id"]))
        if tag == "form":
            self.form = {"is_post": given.get("method") == "post", "has_key": False,
                         "has_button": False}  # fmt: skip
        elif tag == "input" and self.form is not None:
            self.form["has_key"] |= given.get("name") == "csrfmiddlewaretoken"
            self.form["has_button"] |= given.get("type") in {"submit", "image"}
        elif tag == "button":
            self._button(given)

    def _button(self, given: dict[str, str | None]) -> None:
        is_sent = given.get("type", "submit") == "submit"
        if self.form is not None and (is_sent or self.is_hidden):
            # One that a script shows is the script's own way to send.
            self.form["has_button"] = True
        elif not self.is_hidden and not ("form" in given and is_sent):
            self.wrongs.append(f"a button that needs a script: {given}")

    @property
    def is_hidden(self) -> bool:
        """What only works with a script is not there until a script shows it."""
        return any("hidden" in given for _, given in self.open)

    def _what_the_policy_blocks(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.wrongs.append("a script within the page")
        if tag == "style" or "style" in given:
            self.wrongs.append(f"style within the page: {tag} {given}")
        self.wrongs += [f"{name} on {tag}" for name in given if name.startswith("on")]

    def _where_it_leads(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "a" and not given.get("href"):
            self.wrongs.append(f"a link that leads nowhere: {given}")
        for name in LEADS & set(given):
            address = urlsplit(given[name] or "")
            if address.scheme in {"http", "https", "data", "mailto"}:
                if address.scheme == "data" and tag != "link":
                    self.wrongs.append(f"data as an address: {given}")
                continue
            if address.scheme or address.netloc:
                self.wrongs.append(f"{name} of {tag} leads away: {given[name]}")
            elif address.path.startswith("/") and not address.path.startswith(STATIC):
                try:
                    resolve(address.path)
                except Resolver404:
                    self.wrongs.append(f"{name} of {tag} leads nowhere: {given[name]}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            if not self.form["has_button"]:
                self.wrongs.append("a form that nothing sends")
            if self.form["is_post"] and not self.form["has_key"]:
                self.wrongs.append("a form without its key against forgery")
            self.form = None
        while self.open and self.open.pop()[0] != tag:
            pass

    def finished(self) -> list[str]:
        twice = {one for one in self.ids if self.ids.count(one) > 1}
        return self.wrongs + [f"id {one} twice" for one in sorted(twice)]


def wrongs_of(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader.finished()
