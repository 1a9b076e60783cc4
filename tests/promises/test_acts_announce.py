"""A version's life: consulted on, announced in time, in force by its dates, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest
from django.db import transaction

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.orders.facts import BreachKind
from xiaobao.orders.terms import CompensationTerms
from xiaobao.promises import queries, store
from xiaobao.promises.acts import (
    AnnouncementStands,
    OtherMarketShape,
    OtherPackLine,
    PackRefused,
    TermsStand,
    VersionWithdrawn,
    announce_pack,
    comment_on,
    consult_on,
    publish_pack,
    reply_to,
    withdraw_pack,
)
from xiaobao.promises.acts.announcing import CommentsUnanswered, ConsultationShort
from xiaobao.promises.acts.consulting import (
    CommentUnknown,
    ConsultationOver,
    DraftUnknown,
    ReplyStands,
    VersionTaken,
    WordsNotUsable,
)
from xiaobao.promises.acts.publishing import lawful_changes
from xiaobao.promises.facts import PackState
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.reading import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
CONSULTED = datetime(2026, 4, 20, 2, tzinfo=UTC)
ANNOUNCED = datetime(2026, 5, 1, 2, tzinfo=UTC)  # 10:00 in Shanghai
EFFECT = datetime(2026, 5, 7, 16, tzinfo=UTC)  # 8 May 00:00 in Shanghai
TABLES = ("pack", "clause", "category", "term", "draft", "comment", "reply", "announcement",
          "withdrawal")  # fmt: skip


def counts() -> dict[str, int]:
    return {t: fetch_rows(f"SELECT count(*) FROM promises_{t}")[0][0] for t in TABLES}


def rates(*moments: datetime) -> list[int]:
    book = queries.book_of(CompensationTerms, queries.market("cn").market_id)
    kind = np.full(len(moments), int(BreachKind.LATE_SHIPMENT))
    found = book.in_force(np.array([us_of(m) for m in moments]), kind)
    return [int(n) for n in found.rate_bps]


def states(at: datetime) -> dict[str, PackState]:
    market_id = queries.market("cn").market_id
    return {v.version: v.state for v in queries.versions(market_id, at=at)}


def announced(later: Callable[..., str]) -> str:
    """The pack of version 2026-05, consulted on and announced; its folder."""
    folder = later("2026-05", announced="2026-05-01", effective="2026-05-08", bps=550,
                   is_major=False)  # fmt: skip
    publish_pack("cn", at=FIRST)
    consult_on(folder, by="operator", at=CONSULTED)
    announce_pack(folder, by="operator", at=ANNOUNCED)
    return folder


def test_a_version_lives_from_draft_to_superseded(later: Callable[..., str]) -> None:
    folder = later("2026-05", announced="2026-05-01", effective="2026-05-08", bps=550,
                   is_major=False)  # fmt: skip
    publish_pack("cn", at=FIRST)
    draft = consult_on(folder, by="operator", at=CONSULTED)
    assert consult_on(folder, by="somebody else", at=ANNOUNCED) == draft
    said = comment_on("cn", "2026-05", words="太快了", by="阿明小店", at=CONSULTED)
    assert comment_on("cn", "2026-05", words=" 太快了 ", by="阿明小店", at=ANNOUNCED) == said
    with pytest.raises(CommentsUnanswered, match=r"1 comments on version '2026-05'"):
        announce_pack(folder, by="operator", at=ANNOUNCED)
    reply_to(said, words="已放宽", by="operator", at=ANNOUNCED)
    reply_to(said, words="已放宽", by="operator", at=EFFECT)
    with pytest.raises(ReplyStands):
        reply_to(said, words="不改", by="operator", at=EFFECT)

    version = announce_pack(folder, by="operator", at=ANNOUNCED)
    assert (version.state, version.effective_at, version.notice_days) == (
        PackState.ANNOUNCED, EFFECT, 7,
    )  # fmt: skip
    before = counts()
    assert announce_pack(folder, by="another", at=ANNOUNCED + timedelta(days=2)) == version
    assert counts() == before
    comments = queries.comments_on(version.draft_id)
    assert [(c.said_by, c.words, c.reply) for c in comments] == [("阿明小店", "太快了", "已放宽")]
    with pytest.raises(ConsultationOver):
        comment_on("cn", "2026-05", words="too late", by="x", at=ANNOUNCED)

    second = timedelta(seconds=1)
    assert states(EFFECT - second) == {
        "2025-09-05": PackState.IN_FORCE, "2026-05": PackState.ANNOUNCED,
    }  # fmt: skip
    assert states(EFFECT) == {
        "2025-09-05": PackState.SUPERSEDED, "2026-05": PackState.IN_FORCE,
    }  # fmt: skip
    # Nothing has to run for it: the terms have their dates.
    assert rates(FIRST, EFFECT - second, EFFECT) == [500, 500, 550]
    assert queries.pack_files(version.pack_id) == read_files(folder)
    assert digest_of(queries.pack_files(version.pack_id)) == version.sha256


def test_the_agreement_to_sign_is_that_in_force(later: Callable[..., str], folder: Path) -> None:
    text = (folder / "agreement.en.md").read_text("utf-8")
    (folder / "agreement.en.md").write_text(text + "\nOne more sentence.\n", "utf-8")
    announced(later)
    market_id = queries.market("cn").market_id
    now = queries.agreement_of(market_id, EFFECT - timedelta(seconds=1))
    then = queries.agreement_of(market_id, EFFECT)
    assert "One more sentence." not in now.en
    assert "One more sentence." in then.en
    assert queries.agreement_of(market_id) == then


def test_a_clause_reads_as_in_force(later: Callable[..., str], folder: Path) -> None:
    clauses = folder / "clauses.toml"
    text = clauses.read_text("utf-8")
    clauses.write_text(text.replace('"Ships on time"', '"Ships sooner"'), "utf-8")
    announced(later)

    def title(at: datetime) -> str:
        return queries.title_of("cn.ship.late", "en", us_of(at))

    assert [title(at) for at in (ANNOUNCED, EFFECT - timedelta(seconds=1), EFFECT)] == [
        "Ships on time", "Ships on time", "Ships sooner",
    ]  # fmt: skip
    withdraw_pack("cn", "2026-05", by="operator", why="a slip", at=EFFECT - timedelta(hours=1))
    assert title(EFFECT) == "Ships on time"


def test_withdrawn_before_in_force_it_leaves_nothing_behind(later: Callable[..., str]) -> None:
    folder = announced(later)
    eve = EFFECT - timedelta(seconds=1)
    before = counts()
    version = withdraw_pack("cn", "2026-05", why="考虑不周", by="operator", at=eve)
    assert (version.state, version.why_withdrawn) == (PackState.WITHDRAWN, "考虑不周")
    assert counts() == {**before, "withdrawal": 1}
    assert rates(FIRST, EFFECT, EFFECT + timedelta(days=900)) == [500, 500, 500]
    assert states(EFFECT) == {
        "2025-09-05": PackState.IN_FORCE, "2026-05": PackState.WITHDRAWN,
    }  # fmt: skip
    again = withdraw_pack("cn", "2026-05", why="again", by="x", at=EFFECT)
    assert again.why_withdrawn == "考虑不周"
    with pytest.raises(VersionWithdrawn):
        announce_pack(folder, by="operator", at=ANNOUNCED)
    with pytest.raises(VersionWithdrawn):
        publish_pack(folder, at=EFFECT)
    # Who looks back at a moment before the withdrawal sees what was announced then.
    assert states(ANNOUNCED)["2026-05"] is PackState.ANNOUNCED


def test_another_may_follow_what_was_withdrawn(
    later: Callable[..., str], folder: Path, cn: dict[str, str]
) -> None:
    announced(later)
    withdraw_pack("cn", "2026-05", why="x", by="operator", at=ANNOUNCED)
    (folder / "compensation.csv").write_text(cn["compensation.csv"], "utf-8")
    again = later("2026-05b", announced="2026-05-01", effective="2026-05-08", bps=560,
                  is_major=False)  # fmt: skip
    consult_on(again, by="operator", at=CONSULTED)
    announce_pack(again, by="operator", at=ANNOUNCED)
    assert rates(EFFECT - timedelta(seconds=1), EFFECT) == [500, 560]


def test_what_is_in_force_or_built_upon_cannot_be_withdrawn(later: Callable[..., str]) -> None:
    announced(later)
    follows = later("2026-06", announced="2026-05-01", effective="2026-06-01", bps=570,
                    is_major=False)  # fmt: skip
    consult_on(follows, by="operator", at=CONSULTED)
    announce_pack(follows, by="operator", at=ANNOUNCED)
    june = datetime(2026, 6, 1, tzinfo=UTC)
    assert rates(EFFECT, june) == [550, 570]
    before = counts()
    with pytest.raises(AnnouncementStands, match="'2026-06' builds on it"):
        withdraw_pack("cn", "2026-05", why="x", by="operator", at=ANNOUNCED)
    with pytest.raises(AnnouncementStands, match="it is in force"):
        withdraw_pack("cn", "2026-05", why="x", by="operator", at=EFFECT)
    assert counts() == before
    withdraw_pack("cn", "2026-06", why="x", by="operator", at=EFFECT)
    assert rates(EFFECT, june) == [550, 550]
    with pytest.raises(queries.VersionUnknown):
        withdraw_pack("cn", "2030", why="x", by="operator", at=EFFECT)


def test_vector_8_of_the_notice(later: Callable[..., str]) -> None:
    """Announced on 1 May: 8 May is lawful, 7 May is not; marked major, 16 May is the earliest."""
    publish_pack("cn", at=FIRST)
    cases = [("a", "2026-05-07", False, "2026-05-08"), ("b", "2026-05-15", True, "2026-05-16")]
    for version, day, is_major, earliest in cases:
        folder = later(version, announced="2026-05-01", effective=day, bps=550, is_major=is_major)
        before = counts()
        with pytest.raises(PackRefused, match=earliest) as refused:
            announce_pack(folder, by="operator", at=ANNOUNCED)
        assert [f.code for f in refused.value.findings] == ["short_notice"]
        assert counts() == before


REFUSED = [
    ("late", "today", PackRefused, "it is announced today: write 2026-05-02"),
    ("no draft", "no draft", DraftUnknown, "no version '2026-05' was put to consultation"),
    ("short", "short", ConsultationShort, "announce on 2026-05-07 or later"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda c: c[0])
def test_what_is_not_ready_is_not_announced(
    later: Callable[..., str], case: tuple[str, str, type[Exception], str]
) -> None:
    publish_pack("cn", at=FIRST)
    folder = later("2026-05", announced="2026-05-01", effective="2026-05-08", bps=550,
                   is_major=False)  # fmt: skip
    name, _, problem, words = case
    if name != "no draft":
        opened = ANNOUNCED - timedelta(days=1) if name == "short" else CONSULTED
        consult_on(folder, by="operator", at=opened)
    before = counts()
    at = ANNOUNCED + timedelta(days=1) if name == "late" else ANNOUNCED
    with pytest.raises(problem, match=words):
        announce_pack(folder, by="operator", at=at)
    assert counts() == before


def test_a_version_names_one_content_for_ever(later: Callable[..., str]) -> None:
    folder = announced(later)
    before = counts()
    later("2026-05", announced="2026-05-01", effective="2026-05-20", bps=560, is_major=False)
    for act in (announce_pack, consult_on):
        with pytest.raises(VersionTaken, match="2026-05"):
            act(folder, by="operator", at=ANNOUNCED)
    assert counts() == before


def test_nothing_takes_effect_before_its_notice_is_over(
    later: Callable[..., str], folder: Path
) -> None:
    publish_pack("cn", at=FIRST)
    name = later("2026-05", announced="2026-05-01", effective="2026-05-08", bps=550,
                 is_major=False)  # fmt: skip
    text = (folder / "compensation.csv").read_text("utf-8")
    (folder / "compensation.csv").write_text(text.replace("2026-05-08", "2026-05-05"), "utf-8")
    consult_on(name, by="operator", at=CONSULTED)
    before = counts()
    with pytest.raises(TermsStand, match=r"late_shipment 2026-05-04T16.*moment of effect"):
        announce_pack(name, by="operator", at=ANNOUNCED)
    assert counts() == before


def test_a_market_stays_under_its_law(later: Callable[..., str], folder: Path) -> None:
    publish_pack("cn", at=FIRST)
    name = later("2026-05", announced="2026-05-01", effective="2026-05-08", bps=550,
                 is_major=False)  # fmt: skip
    text = (folder / "pack.toml").read_text("utf-8")
    (folder / "pack.toml").write_text('law = "example"\n' + text, "utf-8")
    consult_on(name, by="operator", at=CONSULTED)
    before = counts()
    with pytest.raises(OtherMarketShape, match="has law 'cn', the pack says 'example'"):
        announce_pack(name, by="operator", at=ANNOUNCED)
    assert counts() == before


def test_a_table_that_is_new_waits_for_the_notice_if_it_is_announced() -> None:
    """Published with a new version of the engine it binds nobody yet; announced it would."""
    market_id = publish_pack("cn", at=FIRST).market_id
    pack = lint_pack(read_files("cn"))[0]
    known = [t for t in store.terms_of(market_id, "cn") if t.table != "majority"]
    assert len(lawful_changes(market_id, pack, known, EFFECT).added) == 1
    with pytest.raises(TermsStand, match="majority 2014-03-14"):
        lawful_changes(market_id, pack, known, EFFECT, is_announced=True)


def test_a_first_pack_and_another_line_are_not_announced(later: Callable[..., str]) -> None:
    folder = later("x", announced="2026-05-01", effective="2026-05-08", bps=550, is_major=False)
    with pytest.raises(queries.MarketUnknown):
        announce_pack(folder, by="operator", at=ANNOUNCED)
    publish_pack("olist", at=FIRST)
    with pytest.raises(OtherPackLine):
        announce_pack("olist-b", by="operator", at=ANNOUNCED)


def test_nonsense_said_in_a_consultation_is_refused(later: Callable[..., str]) -> None:
    announced(later)
    with pytest.raises(DraftUnknown):
        comment_on("cn", "none", words="x", by="x", at=ANNOUNCED)
    with pytest.raises(CommentUnknown):
        reply_to(77, words="x", by="x", at=ANNOUNCED)
    later("next", announced="2026-05-01", effective="2026-05-20", bps=560, is_major=False)
    consult_on(
        later("next", announced="2026-05-01", effective="2026-05-21", bps=560, is_major=False),
        by="operator", at=ANNOUNCED,
    )  # fmt: skip
    before = counts()
    for words in ("", " \n", "x" * 10_001, "a\0b"):
        with pytest.raises(WordsNotUsable):
            comment_on("cn", "next", words=words, by="x", at=ANNOUNCED)
    assert counts() == before


# -- the database's own refusals -----------------------------------------------------------------

STANDING = [
    "UPDATE promises_term SET withdrawn_at = '2026-05-09' WHERE upper_inf(during)",
    "UPDATE promises_term SET withdrawn_at = '2026-05-02'",
    "UPDATE promises_term SET during = tstzrange(lower(during), NULL) WHERE NOT upper_inf(during)",
]


@pytest.mark.parametrize("change", STANDING)
def test_the_database_keeps_what_is_in_force(later: Callable[..., str], change: str) -> None:
    announced(later)
    with (
        pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.RestrictViolation)),
        transaction.atomic(),
    ):
        execute(change)


@pytest.mark.parametrize("table", ["draft", "comment", "reply", "announcement", "withdrawal"])
def test_what_was_said_and_announced_is_kept_for_ever(table: str) -> None:
    for change in (f"DELETE FROM promises_{table}", f"UPDATE promises_{table} SET pack_id = 1"):
        with (
            pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn)),
            transaction.atomic(),
        ):
            execute(change)
