"""The forms of a page with the places of their parts, so that words can be put beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

Attrs = dict[str, str | None]
TICKED = {"checkbox", "radio"}
# Of inputs that nobody types into.
UNSEEN = {"hidden", "submit", "button", "image", "reset"}


@dataclass
class Span:
    """A start tag: where it stands, and what it says."""

    tag: str
    attrs: Attrs
    start: int
    end: int


@dataclass
class Control:
    """What somebody fills in. Words about it go to `beside`; `closed` is where its text ends."""

    span: Span
    name: str
    kind: str
    beside: int
    within: tuple[Span, ...]
    closed: int = 0
    label: str = ""
    options: list[tuple[Span, str]] = field(default_factory=list)


@dataclass
class Form:
    span: Span
    within: tuple[Span, ...]
    controls: list[Control] = field(default_factory=list)
    # Names and values of hidden fields, and of buttons; but of none that a script fills in, which
    # has no value, or that is there for who keeps passwords.
    carried: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def goes_to(self) -> str:
        return unquote(urlsplit(self.span.attrs.get("action") or "").path)

    def named(self, name: str) -> list[Control]:
        return [one for one in self.controls if one.name == name]


class Page(NamedTuple):
    """Every form, where the main part begins, and links that lead on from the page's address."""

    forms: list[Form]
    main: Span | None
    links: list[Span]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        # A line ends where the library that counts them says so, and at no other separator.
        self.lines = list(accumulate((len(one) + 1 for one in page.split("\n")), initial=0))
        self.forms: list[Form] = []
        self.links: list[Span] = []
        self.main: Span | None = None
        self.form: Form | None = None
        self.details: list[Span] = []
        self.labels: dict[str, str] = {}
        self.label: Span | None = None
        self.legend_end = 0
        self.legend = ""
        self.words: list[str] | None = None
        self.area: Control | None = None
        self.select: Control | None = None

    @property
    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self.place
        span = Span(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""))
        if tag == "main":
            self.main = span
        elif tag == "details":
            self.details.append(span)
        elif tag == "form":
            self.form = Form(span, tuple(self.details))
            self.forms.append(self.form)
        elif tag == "a":
            if (span.attrs.get("href") or "").startswith("?"):
                self.links.append(span)
        elif tag in {"label", "legend"}:
            self.label, self.words = span if tag == "label" else None, []
        elif self.form is not None:
            self._part(self.form, span)

    def _part(self, form: Form, span: Span) -> None:
        name, value = span.attrs.get("name") or "", span.attrs.get("value") or ""
        kind = span.attrs.get("type") or ("text" if span.tag == "input" else span.tag)
        if span.tag == "option" and self.select is not None:
            self.select.options.append((span, value))
        elif span.tag == "button":
            form.buttons.append((name, value))
        elif span.tag == "input" and kind in UNSEEN:
            if kind == "hidden" and "value" in span.attrs and "autocomplete" not in span.attrs:
                form.carried.append((name, value))
        elif span.tag in {"input", "select", "textarea"} and name:
            self._control(form, Control(span, name, kind, span.start, tuple(self.details)))

    def _control(self, form: Form, control: Control) -> None:
        if self.label is not None:
            # Beside the label that is around it, or above all that share a legend.
            control.beside = self.legend_end or self.label.start
        control.label = self.legend or control.span.attrs.get("aria-label") or ""
        form.controls.append(control)
        if control.kind == "textarea":
            self.area = control
        elif control.kind == "select":
            self.select = control

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"label", "legend"} and self.words is not None:
            self._labelled(tag, " ".join("".join(self.words).split()))
        elif tag == "fieldset":
            self.legend_end, self.legend = 0, ""
        elif tag == "textarea" and self.area is not None:
            self.area.closed, self.area = self.place, None
        elif tag == "select":
            self.select = None
        elif tag == "details" and self.details:
            self.details.pop()
        elif tag == "form":
            self.form = None

    def _labelled(self, tag: str, words: str) -> None:
        if tag == "legend":
            self.legend, self.legend_end = words, self.place + len("</legend>")
        elif self.label is not None and self.label.attrs.get("for"):
            self.labels[str(self.label.attrs["for"])] = words
        elif self.form is not None and self.form.controls:
            self.form.controls[-1].label = self.form.controls[-1].label or words
        self.label = self.words = None

    def finished(self) -> list[Form]:
        for form in self.forms:
            for one in form.controls:
                one.label = self.labels.get(one.span.attrs.get("id") or "", one.label)
        return self.forms


def read(page: str) -> Page:
    reader = _Reader(page)
    reader.feed(page)
    reader.close()
    return Page(reader.finished(), reader.main, reader.links)
