"""What people wrote is words in every page the house makes: nothing is taken out of escaping."""

from __future__ import annotations

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "xiaobao"
TEMPLATES = sorted([*HOUSE.rglob("*.html"), *HOUSE.rglob("*.svg")])
# How words are let out of escaping, and where an attribute ends without quotes.
LET_OUT = re.compile(r"\|\s*safe|autoescape|safeseq|\s[\w-]+=\{[{%]")
# What a strict policy blocks, and what runs without being asked.
RUNS = re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"\'{]|javascript:", re.IGNORECASE)
# Addresses that come as a value are made by the house, and named so.
ADDRESSES = re.compile(r'(?:href|src|action)="\{\{\s*([\w.]+)')
OURS = {
    "send", "url", "action", "alt.url", "page.first", "page.earlier", "page.later",
    "totp_svg_data_uri", "source", "scan.link",
}  # fmt: skip


def test_no_template_lets_words_out_of_escaping() -> None:
    assert len(TEMPLATES) > 80
    for file in TEMPLATES:
        text = file.read_text(encoding="utf-8")
        assert LET_OUT.findall(text) == [], file
        assert RUNS.findall(text) == [], file
        assert set(ADDRESSES.findall(text)) <= OURS, file


def test_what_is_made_without_a_page_is_escaped_too() -> None:
    letting = re.compile(r"mark_safe\(|SafeString\(|Engine\((?!.*autoescape=True)|SafeText")
    found = {
        str(file.relative_to(HOUSE))
        for file in HOUSE.rglob("*.py")
        if letting.search(file.read_text(encoding="utf-8"))
    }
    # Words of templates themselves, escaped in the same line, and a dash.
    assert found == {"web/templatetags/house.py"}
