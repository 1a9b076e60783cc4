"""Resources, one file each, in the order in which they are described."""

from ninja import Router

from xiaobao.api.resources import clock, facts
from xiaobao.api.resources.claims import filing

RESOURCES: list[tuple[str, Router]] = [
    ("", clock.router),
    ("", facts.router),
    ("", filing.router),
]
