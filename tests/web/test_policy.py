"""The console of policy: checked, consulted on, answered, announced by two; read and withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context

from tests.claims.making import SHOP
from tests.later_pack import china_pack, later_pack
from tests.web.matrix import CLERK, NOBODY, OTHER_OWNER, OWNER, POLICY_OWNER, STRANGER
from xiaobao.database.sets import fetch_rows
from xiaobao.people import queries as people
from xiaobao.people.acts import add_person
from xiaobao.people.facts import Actor, Role
from xiaobao.promises import acts
from xiaobao.promises import queries as promises
from xiaobao.promises.acts.consulting import MOST_COMMENTS, CommentsEnough
from xiaobao.web.templatetags.house import change

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

NOON = datetime(2025, 10, 15, 4, tzinfo=UTC)
AT = "/policy-desk/"
PROBE = "<script>alert(1)</script>"


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("policy.pages", "policy.checking", "countersign.pages", "signing", "speaking",
                   "seller.pages.policy", "public.pages", "public.drafts"):  # fmt: skip
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: NOON)


@pytest.mark.parametrize(
    ("zh", "en"),
    [("由 5% 改为 8%（条款《按时<发货》，cn.ship.late）",
      "from 5 % to 8 % (clause 'Ships on time', cn.ship.late)"),
     # As notices said it once: they are kept as they were told.
     ("由 5% 改为 8%（条款 cn.ship.late 按时发货）",
      "from 5 % to 8 % (clause cn.ship.late, Ships on time)")],
)  # fmt: skip
def test_a_change_names_its_clause_by_title(zh: str, en: str) -> None:
    titles = {"cn.ship.late": "<b>"}
    way = '<a href="/policy/#cn.ship.late" title="cn.ship.late">'
    assert change(Context({"lang": "zh", "clauses": titles}), zh, en) == (
        f"由 5% 改为 8%&nbsp;· <small>{way}《&lt;b&gt;》</a></small>"
    )
    assert change(Context({"lang": "en", "clauses": titles}), zh, en) == (
        f"from 5 % to 8 %&nbsp;· <small>{way}&lt;b&gt;</a></small>"
    )
    # Of a clause that nobody reads any more the words stand as they were told.
    assert change(Context({"lang": "zh", "clauses": {}}), zh, en) == zh
    unsaid = "还没有订单可算（暂时）"
    assert change(Context({"lang": "zh", "clauses": titles}), unsaid, "") == unsaid


def pack_in(folder: Path) -> str:
    """A later version of the China pack, announced today and in force in eight days."""
    return later_pack(
        china_pack(folder), "later", announced=f"{NOON:%Y-%m-%d}",
        effective=f"{NOON + timedelta(days=8):%Y-%m-%d}", bps=550, is_major=False,
    )  # fmt: skip


def files_of(folder: str, **others: bytes) -> list[SimpleUploadedFile]:
    texts = {path.name: path.read_bytes() for path in Path(folder).iterdir()} | others
    return [SimpleUploadedFile(name, body) for name, body in sorted(texts.items())]


def counts() -> list[object]:
    tables = ("promises_draft", "promises_pack", "promises_announcement", "people_intent")
    return [fetch_rows(f"SELECT count(*) FROM {table}") for table in tables]


def test_what_is_handed_in_is_checked_and_nothing_is_kept(
    person: Callable[[str], Client], at_noon: None, tmp_path: Path
) -> None:
    owner, folder = person(POLICY_OWNER), pack_in(tmp_path / "pack")
    before = counts()
    told = owner.post(f"{AT}check/", {"act": "check", "files": files_of(folder)})
    assert "nothing is wrong" in told.content.decode()
    assert "late shipping" in told.content.decode()
    head = (tmp_path / "pack" / "pack.toml").read_bytes()
    broken = files_of(folder, **{"pack.toml": head.replace(b"version = ", b"version = 1 #")})
    told = owner.post(f"{AT}check/", {"act": "consult", "files": broken})
    assert "pack.toml" in told.content.decode()
    hostile = {
        "page.html": PROBE.encode(), "pack.toml": b"\xff\xfe", "large.csv": b"x" * 1_000_001,
        "pack.csv": b"", f"{PROBE}.toml": b"\xff",
    }  # fmt: skip
    for name, body in hostile.items():
        one = [SimpleUploadedFile(name, body)]
        told = owner.post(f"{AT}check/", {"act": "consult", "files": one}, follow=True)
        assert "Every file of the pack (.toml, .csv, .md): " in told.content.decode(), name
        assert PROBE not in told.content.decode()
    elsewhere = files_of(folder, **{"pack.toml": b'based_on = "/etc"\n' + head})
    told = owner.post(f"{AT}check/", {"act": "check", "files": elsewhere}, follow=True)
    assert "based_on" in told.content.decode()
    assert counts() == before


def test_everybody_reads_a_draft_and_sellers_comment_on_it(
    person: Callable[[str], Client], at_noon: None, tmp_path: Path
) -> None:
    """Public with its days left and its answers; whose shop it was nobody is shown."""
    acts.consult_on(pack_in(tmp_path / "pack"), by="operator", at=NOON - timedelta(days=5))
    [draft] = promises.drafts("cn")
    owner, here = person(OWNER), f"/policy/drafts/{draft.draft_id}/"
    mine, send = f"/seller/{SHOP}/policy/", f"/seller/{SHOP}/policy/comment/"
    said = {"version": "later", "words": PROBE}
    for name, status in ((NOBODY, 302), (STRANGER, 404), (CLERK, 404), (OTHER_OWNER, 404)):
        assert person(name).post(send, said).status_code == status
    for nothing in ({"words": " "}, {"version": "x"}, {"version": ""}):
        owner.post(send, said | nothing)
    assert promises.comments_on(draft.draft_id) == []
    for _ in range(2):
        assert owner.post(send, said)["Location"] == mine
    [comment] = promises.comments_on(draft.draft_id)
    assert (comment.words, comment.said_by) == (PROBE, SHOP)
    assert "not answered yet" in owner.get(mine).content.decode()
    acts.reply_to(comment.comment_id, words=PROBE, by="a policy owner", at=NOON)
    stranger = person(NOBODY)
    for reader, address in ((owner, mine), (stranger, here), (stranger, "/policy/")):
        shown = reader.get(address).content.decode()
        assert ("2 days left" in shown, PROBE in shown, "a policy owner" in shown) == (
            True, False, False,
        ), address  # fmt: skip
    assert f">{SHOP}<" not in stranger.get(here).content.decode()
    assert "还剩 2 天" in stranger.get(here, headers={"accept-language": "zh"}).content.decode()
    assert b"version" in stranger.get(f"{here}pack.toml").content
    for nowhere in ("/policy/drafts/999999/", f"{here}nothing.csv", f"{here}..%2Fpack.toml"):
        assert stranger.get(nowhere).status_code == 404
    for number in range(20):
        owner.post(send, said | {"words": f"again {number}"})
    assert len(promises.comments_on(draft.draft_id)) == MOST_COMMENTS
    acts.comment_on("cn", "later", words=PROBE, by=SHOP, at=NOON)
    with pytest.raises(CommentsEnough):
        acts.comment_on("cn", "later", words="more", by=SHOP, at=NOON)


def test_a_draft_is_answered_and_announced_by_two(
    person: Callable[[str], Client], at_noon: None, tmp_path: Path
) -> None:
    owner, folder = person(POLICY_OWNER), pack_in(tmp_path / "pack")
    acts.consult_on(folder, by="operator", at=NOON - timedelta(days=20))
    number = acts.comment_on("cn", "later", words=PROBE, by="seller", at=NOON - timedelta(days=9))
    [draft] = promises.drafts("cn")
    here = f"{AT}drafts/{draft.draft_id}/"
    page = owner.get(here).content.decode()
    assert PROBE not in page
    assert "long enough" in page
    assert "Comments without a reply: 1" in page
    owner.post(f"{here}announce/", {"version": "another"})
    assert people.intents(at=NOON) == []
    owner.post(f"{here}announce/", {"version": "later"})
    [intent] = people.intents(at=NOON)
    assert (intent.by, intent.subject) == (POLICY_OWNER, str(draft.draft_id))
    sign = f"/countersign/{intent.intent_id}/"
    told = owner.post(sign, {"act": "sign"}, follow=True)
    assert "another person has to sign" in told.content.decode()
    add_person("second", Role.POLICY, by=Actor(0, "operator"), at=NOON)
    second = person("second")
    # A comment waits: nothing is announced, and the signature is still to be given.
    told = second.post(sign, {"act": "sign"}, follow=True)
    assert "have no reply" in told.content.decode()
    assert people.intents(at=NOON) == [intent]
    assert promises.versions_announced(draft.market_id, at=NOON) == []
    owner.post(f"{here}reply/", {"comment": str(number), "words": "thank you"})
    told = second.post(sign, {"act": "sign"}, follow=True)
    assert "signed by both" in told.content.decode()
    [version] = promises.versions_announced(draft.market_id, at=NOON)
    assert version.announced_by == f"{POLICY_OWNER} + second"
    assert second.post(sign, {"act": "sign"}).status_code == 404
    shown = owner.get(f"{AT}packs/{version.pack_id}/?table=compensation").content.decode()
    # A code is told by its words, and where a number is from in the page's language.
    for said in ('title="late_shipment">Late shipping<', 'title="rate_bps">Share paid<'):
        assert said in shown
    owner.cookies["lang"] = "zh"
    read = owner.get(f"{AT}packs/{version.pack_id}/?table=compensation").content.decode()
    for said in (">延迟发货<", "淘宝规则转述稿", '<q lang="en">late shipping'):
        assert said in read
    owner.cookies["lang"] = "en"
    assert "Against the version before" in shown
    owner.post(f"{AT}packs/{version.pack_id}/withdraw/", {"words": "not yet"})
    assert promises.versions_announced(draft.market_id, at=NOON) == []
    assert "withdrawn" in owner.get(AT).content.decode()
    assert owner.get(f"{AT}packs/99/").status_code == 404
    assert owner.get(f"{AT}drafts/99/").status_code == 404
