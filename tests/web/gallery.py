"""`make gallery`: one picture of every page a served demo's people reach, to be looked at.

    python tests/web/gallery.py http://127.0.0.1:8000 --out /tmp/gallery [--only finance ...]

Goes in as everybody the first page offers, follows every link, and takes each page (one per
address, numbers and names left out) in both languages and at a phone's and a desk's width. Pages
wider than their screen and answers of 400 and above are told. Needs Debian's Chromium.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.web.pictures import step_in

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTHS = {390: 844, 1440: 900}
# So many pages a person, so that a list of thousands does not keep us.
MOST = 90


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


FILES = re.compile(r"\.(csv|json|svg|txt|zip|pdf|toml|css|jsonl)$")


def shape(address: str) -> str:
    """The address with what differs between things of one kind left out."""
    path, _, query = address.partition("?")
    kind = "/".join("*" if re.search(r"\d", part) else part for part in path.split("/"))
    return kind + "?" * bool(query) + "&".join(sorted(re.findall(r"(?:^|&)([^=&]+)=", query)))


def people(tab: Any, base: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """A name, what the one-click form sends, and the standing told, for everybody offered."""
    tab.goto(base)
    yield "anybody", {}, ""
    for form in tab.query_selector_all("form[action='/demo/']"):
        who = {
            field.get_attribute("name"): field.get_attribute("value")
            for field in form.query_selector_all("input:not([name=csrfmiddlewaretoken])")
        }
        chip = form.query_selector(".chip")
        yield " ".join(who.values()), who, chip.inner_text() if chip else ""


def walk(context: Any, base: str, who: dict[str, str], seen: set[str]) -> Iterator[Any]:
    """Every page one person reaches whose shape was not seen yet, as an open tab."""
    tab = context.new_page()
    if who:
        step_in(tab, base, who)
    tab.goto(base)
    own = home_of(who)
    todo = [
        own,
        *(tab.eval_on_selector_all("header a[href], main a[href]", _HREFS) if who else []),
    ]
    taken = 0
    while todo and taken < MOST:
        address = todo.pop(0).partition("#")[0]
        if address in seen or (shape(address) in seen and address != own):
            continue
        seen |= {shape(address), address}
        if not opened(tab, base, address):
            continue
        taken += 1
        yield address, tab
        todo += [
            link for link in tab.eval_on_selector_all("a[href]", _HREFS)
            if link.startswith("/") and not link.startswith("//") and not FILES.search(link)
        ]  # fmt: skip


def home_of(who: dict[str, str]) -> str:
    if "order" in who:
        return f"/buyer/{who['shop']}/{who['order']}/"
    if "shop" in who:
        return f"/seller/{who['shop']}/"
    return f"/{_ROOMS[who['role']]}/" if "role" in who else "/"


def opened(tab: Any, base: str, address: str) -> bool:
    """Whether a page stands there, and not a file; what was refused is told."""
    from playwright.sync_api import Error

    try:
        answer = tab.goto(base + address)
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return False
    if answer.status >= 400:
        tell(answer.status, address)
    return "text/html" in answer.headers.get("content-type", "")


_HREFS = "all => all.map(a => a.getAttribute('href'))"
_ROOMS = {
    "adjudicator": "desk", "policy": "policy-desk", "finance": "finance",
    "supervisor": "supervision", "administrator": "administration", "juror": "jury",
}  # fmt: skip


def take(base: str, out: Path, languages: list[str], theme: Any, only: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium is not None, "no chromium on this machine"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        everybody = list(people(browser.new_page(), base))
        for language in languages:
            # Of each standing every page: a shop that left sees other things than one that sells.
            seen: dict[str, set[str]] = {}
            for name, who, standing in everybody:
                if only and not any(word in name for word in only):
                    continue
                context = browser.new_context(color_scheme=theme)
                context.add_cookies([{"name": "lang", "value": language, "url": base}])
                for address, tab in walk(context, base, who, seen.setdefault(standing, set())):
                    # The band that says it is a demo is in the way of nobody who looks.
                    tab.evaluate("document.querySelector('.demo-band')?.remove()")
                    for width, height in WIDTHS.items():
                        tab.set_viewport_size({"width": width, "height": height})
                        if tab.evaluate("document.documentElement.scrollWidth") > width:
                            tell("wider than", width, address)
                        place = out / f"{language}-{width}-{theme}"
                        place.mkdir(parents=True, exist_ok=True)
                        file = re.sub(r"[^\w-]+", "_", f"{name}{address}")[:120]
                        picture = Image.open(io.BytesIO(tab.screenshot(full_page=True)))
                        picture.convert("RGB").save(place / f"{file}.png")
                context.close()
                tell(language, name)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("base")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--languages", nargs="+", default=["zh", "en"])
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--only", nargs="*", default=[], help="people whose name has this word")
    given = parser.parse_args()
    take(given.base, given.out, given.languages, given.theme, given.only)


if __name__ == "__main__":
    main()
