"""Outside names in addresses: one may hold a slash, and must be found all the same."""

from __future__ import annotations

from django.urls import register_converter


class NameConverter:
    """A name as one part of an address: `~1` is a slash there, and `~0` a tilde."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value.replace("~1", "/").replace("~0", "~")

    def to_url(self, value: str) -> str:
        return value.replace("~", "~0").replace("/", "~1")


register_converter(NameConverter, "name")
