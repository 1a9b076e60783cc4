"""Verbs about violations: record, appeal, decide; points counted, penalties begun and ended."""

from xiaobao.violations.acts.forcing import finish_forced_exits

__all__ = ["finish_forced_exits"]
