"""The only code that writes or locks this room's tables; it decides nothing."""

from xiaobao.violations.store.forcing import end_forced_exits

__all__ = ["end_forced_exits"]
