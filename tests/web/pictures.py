"""`make screenshots`: serves a small demo and takes the pictures that the READMEs show.

    python tests/web/pictures.py [--out docs/pictures] [--port 8877]

Needs Debian's Chromium. The demo lives in a temporary home, thrown away afterwards.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE, DESK = (390, 844), (1280, 860)
DEMO = ("--seed", "7", "--sellers", "30", "--orders", "1500", "--days", "40")
COLOURS = 64
SECONDS = 180
# Of the demo of this seed: a shop, an order with a claim under review, and a claim ruled.
SHOP, OPEN, RULED = "shop-015", "20250829-00937", "20250829-00968"
CHEAT = "shop-027"
# An order about which nobody claimed yet.
CALM, FRESH = "shop-001", "20250903-01298"
# name, size, who steps in, and the page.
PICTURES: tuple[tuple[str, tuple[int, int], dict[str, str], str], ...] = (
    ("first-page", DESK, {}, "/"),
    ("seller-overview", DESK, {"shop": CHEAT}, f"/seller/{CHEAT}/"),
    ("seller-leaving", PHONE, {"shop": "shop-021"}, "/seller/shop-021/leaving/"),
    ("buyer-claim", PHONE, {"shop": CALM, "order": FRESH}, f"/buyer/{CALM}/{FRESH}/"),
    (
        "buyer-ruling", PHONE, {"shop": CHEAT, "order": RULED},
        f"/buyer/{CHEAT}/{RULED}/C-{RULED}/",
    ),
    ("desk-case", DESK, {"role": "adjudicator"}, f"/desk/claims/{SHOP}/C-{OPEN}/"),
    ("shop-label", PHONE, {}, "/shop/shop-021/"),
)  # fmt: skip


def served(home: Path, port: int) -> Iterator[str]:
    """The demo's address, once it answers."""
    xiaobao = Path(sys.executable).with_name("xiaobao")
    base = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [xiaobao, "demo", *DEMO, "--port", str(port)], stdout=subprocess.DEVNULL,
        env={**os.environ, "XIAOBAO_HOME": str(home)},
    ) as demo:  # fmt: skip
        try:
            _wait(port, demo)
            yield base
        finally:
            demo.terminate()


def _wait(port: int, demo: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS):
        assert demo.poll() is None, "the demo ended before it served"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(1)
        else:
            return
    raise AssertionError(f"nothing answers at port {port}")


def take(base: str, out: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium is not None, "no chromium on this machine"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language in ("zh", "en"):
            for name, (width, height), who, page in PICTURES:
                context = browser.new_context(viewport={"width": width, "height": height})
                context.add_cookies([{"name": "lang", "value": language, "url": base}])
                tab = context.new_page()
                if who:
                    step_in(tab, base, who)
                answer = tab.goto(base + page)
                assert answer is not None, page
                assert answer.status == 200, (page, answer.status)
                # The band that says it is a demo is in the way of nobody who looks at a picture.
                tab.evaluate("document.querySelector('.demo-band').remove()")
                keep(tab.screenshot(), out / f"{name}-{language}.png")
                context.close()
        browser.close()


def step_in(tab: Any, base: str, who: dict[str, str]) -> None:
    """Become somebody by the demo's one click."""
    token = tab.context.request.get(base).text().split('csrfmiddlewaretoken" value="')[1][:64]
    answer = tab.context.request.post(
        f"{base}/demo/", form={**who, "csrfmiddlewaretoken": token}, headers={"Referer": base}
    )
    assert answer.ok, (who, answer.status)


def keep(picture: bytes, place: Path) -> None:
    """In few colours: pages have few, and the pictures stay small."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "docs/pictures")
    parser.add_argument("--port", type=int, default=8877)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="xiaobao-pictures-"))
    home.chmod(0o755)
    try:
        for base in served(home, given.port):
            take(base, given.out)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
