"""Notice: a change of rules is announced long enough before it takes effect."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from xiaobao.kernel.clocks import earliest_effect, moment_of, utc_of, zone_of
from xiaobao.promises.facts import Finding, Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.promises.facts import Pack

# E-Commerce Law, article 34; 15 days where many users or major interests are affected
# (网络交易平台规则监督管理办法, article 12).
NOTICE_DAYS, MAJOR_NOTICE_DAYS = 7, 15
CONSULTATION_DAYS = 7


def notice_findings(head: Mapping[str, Any], zone: str) -> list[Finding]:
    """What is wrong with `[notice]` of pack.toml: announced, effective, is_major."""
    notice = head.get("notice")
    if not isinstance(notice, dict):
        return [
            Finding("missing_field", "pack.toml", 0, "notice",
                    "缺少 [notice]：写 announced、effective、is_major",
                    "missing [notice]: write announced, effective, is_major")
        ]  # fmt: skip
    announced, effective = (_day(notice.get(f)) for f in ("announced", "effective"))
    is_major = notice.get("is_major")
    findings = [
        Finding("bad_moment", "pack.toml", 0, f"notice.{field}", "写日期，如 2025-08-29",
                "write a date such as 2025-08-29")
        for field, day in (("announced", announced), ("effective", effective)) if day is None
    ]  # fmt: skip
    if not isinstance(is_major, bool):
        findings.append(
            Finding("bad_value", "pack.toml", 0, "notice.is_major",
                    "写 true 或 false", "write true or false")
        )  # fmt: skip
    if findings or announced is None or effective is None:
        return findings
    days = MAJOR_NOTICE_DAYS if is_major else NOTICE_DAYS
    earliest = earliest_lawful(announced, days, zone)
    if effective >= earliest:
        return []
    return [
        Finding("short_notice", "pack.toml", 0, "notice.effective",
                f"公示不足 {days} 天：最早 {earliest} 生效",
                f"less than {days} days' notice: {earliest} at the earliest")
    ]  # fmt: skip


def earliest_lawful(announced: date, days: int, zone: str) -> date:
    """The first local day on which a rule announced on that day may be in force."""
    where = zone_of(zone)
    start = np.array([np.datetime64(announced, "us").astype(np.int64)])
    begins = earliest_effect(utc_of(start, where), np.array([days]), where)
    return moment_of(int(begins[0] + where.offset_at(begins)[0])).date()


def _day(raw: object) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    return raw if isinstance(raw, date) else None


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def announcement_findings(pack: Pack, at: datetime) -> list[Finding]:
    """What is wrong with announcing this pack, whose notice is in order by itself, at `at`."""
    today = local_day(at, pack.zone)
    announced = _day(_notice(pack)["announced"])
    if announced == today:
        return []
    return [
        Finding("announced_day", "pack.toml", 0, "notice.announced",
                f"公示日须是今天：写 {today}", f"it is announced today: write {today}")
    ]  # fmt: skip


def notice_of(pack: Pack, at: datetime) -> Notice:
    """The notice that a pack without findings gives when it is announced at `at`."""
    said = _notice(pack)
    effective = _day(said["effective"])
    assert effective is not None, "a pack without findings has its dates"
    is_major = bool(said["is_major"])
    return Notice(
        announced_at=at,
        effective_at=datetime.combine(effective, time(), ZoneInfo(pack.zone)),
        is_major=is_major,
        days=MAJOR_NOTICE_DAYS if is_major else NOTICE_DAYS,
        why_major=(),
    )


def _notice(pack: Pack) -> dict[str, Any]:
    said: dict[str, Any] = tomllib.loads(pack.files["pack.toml"])["notice"]
    return said
