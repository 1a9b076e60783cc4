"""A payment gateway to try things on: local, durable, and as unreliable as it is told to be.

It keeps its own book in SQLite, which survives a kill at any moment and may be used by several
processes at once. What it does with an attempt follows from its seed, the movement's id and the
attempt's number alone, so the same life gives the same answers. It knows no clock: an unknown
result becomes known once it is asked late enough.
"""

from xiaobao.gateways.test_gateway.behaving import Settings
from xiaobao.gateways.test_gateway.gateway import TestGateway, Totals

__all__ = ["Settings", "TestGateway", "Totals"]
