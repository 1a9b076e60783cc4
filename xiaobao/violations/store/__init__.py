"""The only code that writes or locks this room's tables; it decides nothing."""

from xiaobao.violations.store import cases, looks, penalties, tallies

__all__ = ["cases", "looks", "penalties", "tallies"]
