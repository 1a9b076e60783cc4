"""A page with the form that was refused: what was typed stands in it, its faults beside fields."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.template.loader import render_to_string

from xiaobao.web.forms.reading import TICKED, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, QueryDict

    from xiaobao.web.forms.faults import Fault
    from xiaobao.web.forms.reading import Attrs, Control, Form, Span

# Names of fields as calls of the API know them, where a form says them otherwise.
ALSO = {
    "evidence": ("file",), "body": ("file",), "media": ("file",),
    "instalments": ("count",), "reserve_bps": ("count",), "offer": ("number", "amount"),
    "why": ("words",), "outcome": ("verdict",), "happened": ("day",), "as": ("role",),
}  # fmt: skip
# What is a secret is typed again.
NEVER_KEPT = {"password", "file"}


@dataclass(frozen=True)
class Beside:
    """One fault as the page shows it: `place` is the id of what it is about."""

    fault: Fault
    label: str
    place: str


def shown_again(
    page: str, request: HttpRequest, faults: Sequence[Fault], given: QueryDict, *, here: str
) -> str | None:
    """The page with the form that `request` sent; none where the page has no such form.

    `here` is the page's own address, which need not be the one that the form was sent to.
    """
    forms, main, links = read(page)
    form = _sent(forms, given, request.path, here)
    if form is None or main is None:
        return None
    edits: dict[int, list[tuple[int, str]]] = defaultdict(list)
    kept = _Keeping(given)
    shown, wrong = [], set()
    for number, fault in enumerate(faults):
        controls = _about(form, fault.about)
        identity = f"wrong-{number}"
        words = render_to_string("web/fault.html", {"words": fault.words, "id": identity})
        if controls:
            first = controls[0]
            place = first.span.attrs.get("id") or f"{identity}-field"
            edits[first.beside].append((first.beside, words))
            for one in controls:
                wrong.add(one.span.start)
                _say_wrong(one, identity, place if one is first else "")
            _opened(first.within, edits)
            shown.append(Beside(fault, first.label, place))
        else:
            edits[form.span.end].append((form.span.end, words))
            shown.append(Beside(fault, "", identity))
    for one in form.controls:
        kept.fill(one, edits, is_wrong=one.span.start in wrong)
    _opened(form.within, edits)
    if here != request.get_full_path():
        _led_from(here, forms, links, edits)
    summary = render_to_string("web/faults.html", {"faults": shown, "kept": kept}, request)
    edits[main.end].append((main.end, summary))
    return _edited(page, edits)


def _sent(forms: Sequence[Form], given: QueryDict, path: str, here: str) -> Form | None:
    """The form whose fields, buttons and hidden values are those that came."""
    own = unquote(urlsplit(here).path)
    mine = [
        one for one in forms
        if one.span.attrs.get("method") == "post" and (one.goes_to or own) == path
        and _is_about_the_same(one, given)
    ]  # fmt: skip
    return max(mine, key=lambda one: _likeness(one, given), default=None)


def _is_about_the_same(form: Form, given: QueryDict) -> bool:
    """However alike: what was typed about one thing is never shown as if it were about another."""
    pressed = {("act", value) for value in given.getlist("act")}
    return pressed <= {*form.buttons, *form.carried} and all(
        _lasting(name, value) in [_lasting(name, one) for one in given.getlist(name) or [""]]
        for name, value in form.carried if name != "csrfmiddlewaretoken"
    )  # fmt: skip


def _lasting(name: str, value: str) -> str:
    """Keys of forms are made anew for each page, but for what tells one form from another."""
    return value if name != "key" else value[32:]


def _likeness(form: Form, given: QueryDict) -> int:
    asked = sum(bool(form.named(name)) for name in given)
    pressed = sum(value in given.getlist(name) for name, value in form.buttons if name)
    return asked + 2 * pressed + 2 * len(form.carried)


def _led_from(
    here: str, forms: Sequence[Form], links: Sequence[Span],
    edits: dict[int, list[tuple[int, str]]],
) -> None:  # fmt: skip
    """What leads on from the page's own address does so where another stands above it."""
    own = here.partition("?")[0]
    aimless = [one.span for one in forms if not one.span.attrs.get("action")]
    for one in aimless:
        one.attrs["action"] = here
    for one in links:
        one.attrs["href"] = f"{own}{one.attrs['href']}"
    for one in (*aimless, *links):
        edits[one.start].append((one.end, _tag(one.tag, one.attrs)))


def _about(form: Form, name: str) -> list[Control]:
    for one in (*ALSO.get(name, ()), name):
        found = form.named(one) if one else []
        if found:
            return found if found[0].kind == "radio" else found[:1]
    return []


def _say_wrong(control: Control, identity: str, place: str) -> None:
    attrs = control.span.attrs
    if place:
        attrs["id"] = place
    attrs["aria-describedby"] = " ".join(filter(None, (attrs.get("aria-describedby"), identity)))
    # One of a group of radio buttons is not wrong by itself.
    if control.kind != "radio":
        attrs["aria-invalid"] = "true"


def _opened(within: Sequence[Span], edits: dict[int, list[tuple[int, str]]]) -> None:
    """What has to be read is not folded away."""
    for one in within:
        if "open" not in one.attrs:
            one.attrs["open"] = None
            edits[one.start].append((one.end, _tag(one.tag, one.attrs)))


class _Keeping:
    """What was typed and chosen goes back where it was."""

    def __init__(self, given: QueryDict) -> None:
        self.left = {name: list(values) for name, values in given.lists()}
        self.has_words = self.has_files = self.has_secrets = False

    def fill(
        self, control: Control, edits: dict[int, list[tuple[int, str]]], *, is_wrong: bool
    ) -> None:
        span, values = control.span, self.left.get(control.name, [])
        attrs = span.attrs
        self.has_files |= control.kind == "file"
        self.has_secrets |= control.kind == "password"
        self.has_words |= control.kind not in NEVER_KEPT
        is_changed = is_wrong
        if control.kind in TICKED:
            is_changed |= "disabled" not in attrs and self._tick(attrs, values)
        elif control.kind == "select":
            if values:
                self._choose(control, values.pop(0), edits)
        elif control.kind == "textarea":
            if values:
                edits[span.end].append((control.closed, "\n" + escape(values.pop(0))))
        elif control.kind not in NEVER_KEPT and values:
            attrs["value"], is_changed = values.pop(0), True
        if is_changed:
            edits[span.start].append((span.end, _tag(span.tag, attrs)))

    @staticmethod
    def _tick(attrs: Attrs, values: Sequence[str]) -> bool:
        is_ticked = (attrs.get("value") or "on") in values
        if is_ticked == ("checked" in attrs):
            return False
        if is_ticked:
            attrs["checked"] = None
        else:
            del attrs["checked"]
        return True

    @staticmethod
    def _choose(control: Control, value: str, edits: dict[int, list[tuple[int, str]]]) -> None:
        # What is no choice of the list leaves it as it stands.
        if all(own != value for _, own in control.options):
            return
        for option, own in control.options:
            if (own == value) == ("selected" in option.attrs):
                continue
            if own == value:
                option.attrs["selected"] = None
            else:
                del option.attrs["selected"]
            edits[option.start].append((option.end, _tag("option", option.attrs)))


def _tag(tag: str, attrs: Attrs) -> str:
    parts = [name if value is None else f'{name}="{escape(value)}"'
             for name, value in attrs.items()]  # fmt: skip
    return f"<{' '.join([tag, *parts])}>"


def _edited(page: str, edits: dict[int, list[tuple[int, str]]]) -> str:
    """Each edit puts its words in place of what stands from its beginning to its end."""
    parts, at = [], 0
    for start in sorted(edits):
        parts.append(page[at:start])
        at = start
        # What is only put in comes before what stands in the place of something.
        for end, words in sorted(edits[start], key=lambda one: one[0]):
            parts.append(words)
            at = max(at, end)
    return "".join([*parts, page[at:]])
