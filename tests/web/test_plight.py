"""What weighs on a shop stands on its first page; a clerk is shown no way that is not theirs."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import NOW, SHOP, later
from tests.violations.living import pass_until, record
from xiaobao.deposits import queries as deposits
from xiaobao.exits import acts as exits
from xiaobao.exits.facts import Tip
from xiaobao.exits.queries import coach_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.money import in_words
from xiaobao.kernel.references import causes_of, id_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.sellers.queries import seller_named
from xiaobao.trust.queries import label_of
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

HOME = f"/seller/{SHOP}/"
CARD = re.compile(r'<section class="card[^>]*>(.*?)</section>', re.DOTALL)
OWN = ("joining/", "policy/", "leaving/", "advice/", "deposit/lodge/", "deposit/mix/")


def _owe(amount_minor: int) -> None:
    """The fund has paid for the shop."""
    one = np.array([id_of(SHOP)])
    zero = np.zeros(1, np.int64)
    ledger.post_all(Postings.moves(
        seller_id=one, cause_hi=(cause := causes_of(999, zero, one, one))[0], cause_lo=cause[1],
        leg=zero, source=zero + Account.FUND, target=zero + Account.OUTSIDE,
        amount_minor=zero + amount_minor, why=zero + Why.ADVANCE, at_us=zero + us_of(NOW),
    ))  # fmt: skip


def _cards(client: Client, language: str) -> dict[str, str]:
    """What the page says in each of its cards, by their headings."""
    client.cookies["lang"] = language
    answer = client.get(HOME)
    assert answer.status_code == 200
    found = re.findall(
        r'<section class="card[^>]*>(.*?)</section>', answer.content.decode(), re.DOTALL
    )
    said = [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]
    heads = [" ".join(unescape(re.sub(r"<[^>]+>", " ", one.split("</h2>")[0])).split())
             for one in found]  # fmt: skip
    return dict(zip(heads, said, strict=True))


def test_the_first_page_says_what_happened_what_is_owed_and_until_when(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    owner, seller = person("the owner"), id_of(SHOP)
    before = _cards(owner, "zh")
    assert not [said for said in before.values() if "强制退保" in said or "当晚先还欠款" in said]
    for number in range(3):
        record(seller, f"V{number}", at=NOW + timedelta(days=number), incident=f"item {number}")
    pass_until(NOW + timedelta(days=4))
    [decided] = violations.forced_exits_of(seller)
    _owe(12_345)
    at(NOW + timedelta(days=4))
    zh, en = _cards(owner, "zh"), _cards(owner, "en")
    told = zh["已决定强制退保 待执行"]
    assert f"本店扣分达到 {decided.points} 分，三振计 3 次。" in told
    assert f"{decided.due_at + timedelta(hours=8):%H:%M}" in told
    assert (
        "The shop has 6 points, and 3 strikes."
        in en["A forced exit is decided not carried out yet"]
    )
    assert "准备金和保证金不够支付，差额欠保障基金。" in zh["保证金"]
    assert "the rest is owed to the guarantee fund." in en["Deposit"]
    # What is lodged repays the debt before it is deposit: with it nothing is short.
    deposit = deposits.deposit_of(seller, at=NOW + timedelta(days=4))
    assert deposit is not None
    to_lodge = 12_345 + deposit.shortfall_minor
    sum_ = in_words(to_lodge, "CNY")
    assert f"共需缴存 {sum_}。" in zh["保证金"]
    assert f": lodge {sum_} to repay" in en["Deposit"]
    asked = f'value="{to_lodge // 100}.{to_lodge % 100:02}"'
    assert asked in owner.get(f"{HOME}deposit/").content.decode()

    exits.force_out(seller, ground="the third strike", by="the rule", at=later(days=20))
    at(later(days=21))
    zh, en = _cards(owner, "zh"), _cards(owner, "en")
    assert "新卖出的商品不再受消保保障" in zh["本店已被强制退保"]
    assert "nothing that is newly sold is covered" in en["This shop had to leave"]
    # Whoever has left is asked for no deposit: what it still owes was taken of it first.
    deposit = deposits.deposit_of(seller, at=later(days=21))
    assert deposit is not None
    assert (deposit.debt_minor, deposit.required_minor, deposit.shortfall_minor) == (0, 0, 0)
    assert (deposit.next_quote_at, deposit.top_up_due_at, deposit.short_since) == (None,) * 3
    assert deposits.shortfalls(np.array([seller]), at=later(days=21)).tolist() == [0]
    tips = {one.tip for one in coach_of(seller, at=later(days=21)).tips}
    assert Tip.LOWER_REQUIREMENT not in tips
    trusted = label_of(seller_named(SHOP), at=later(days=21))
    assert (trusted.is_quoted, trusted.is_met, trusted.headroom_percent) == (False, False, 0)
    assert "缺口" not in zh["保证金"]
    assert "不再要求缴存保证金" in zh["保证金"]
    assert not [head for head in zh if head.startswith("等您处理") and "保证金" in zh[head]]
    # Who has left is not asked to leave: what happened is said, and how to come back.
    leaving = owner.get(f"{HOME}leaving/").content.decode()
    assert f'action="{HOME}leaving/apply/"' not in leaving
    for said in ("This shop had to leave", "How to come back", "Since"):
        assert said in leaving
    assert leaving.count("Still held") == 1


def test_a_clerk_is_led_to_nothing_that_is_the_owners(person: Callable[[str], Client]) -> None:
    owner, clerk = person("the owner"), person("the clerk")
    for page in ("", "deposit/"):
        shown = {one: (owner if one == "owner" else clerk).get(HOME + page).content.decode()
                 for one in ("owner", "clerk")}  # fmt: skip
        assert [one for one in OWN if f'"{HOME}{one}"' in shown["clerk"]] == []
        wanted = OWN[:4] if not page else OWN
        assert [one for one in wanted if f'"{HOME}{one}"' not in shown["owner"]] == []
