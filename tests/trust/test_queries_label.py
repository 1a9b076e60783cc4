"""A shop's label: counted from what happened, signed, and nothing in it of others."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.claims.making import NOW, SHOP, file, key, later, open_world, place
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Answer
from xiaobao.cli.main import run_command
from xiaobao.deposits import acts as deposits
from xiaobao.evidence.acts import signing_key
from xiaobao.kernel.references import ids_of
from xiaobao.promises import queries as promises
from xiaobao.sellers.queries import seller_named
from xiaobao.trust.queries import label_of

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]


def label(**when: Any) -> Any:
    return label_of(seller_named(SHOP), at=later(**when))


@pytest.mark.django_db
def test_what_is_known_of_a_shop_is_counted_and_no_more() -> None:
    market = open_world()
    # Signed for and not completed yet: nobody knows whether the promise was kept.
    assert label(minutes=1).orders == 0
    place("B", market, until="completed")
    fresh = label(minutes=1)
    assert (fresh.is_quoted, fresh.orders, fresh.broken) == (False, 1, 0)
    assert (fresh.kept_bps, fresh.least_bps) == (10_000, 2065)
    assert (fresh.claims_paid, fresh.median_hours, fresh.penalty) == (0, None, None)
    deposits.quote_deposits(ids_of([SHOP]), at=NOW)
    quoted = label(minutes=1)
    assert (quoted.is_quoted, quoted.is_met, quoted.headroom_percent) == (True, True, 200)
    # A claim that brings money breaks the word, whether the order is completed or not.
    row = file("C-1", order="A")
    claims.answer_claim(*key(row), answer=Answer.ACCEPT, key="yes", at=later(hours=5, minutes=1))
    broken = label(hours=6)
    assert (broken.orders, broken.broken, broken.kept_bps) == (2, 1, 5000)
    assert (broken.claims_paid, broken.median_hours) == (1, 6)
    # Before it was paid nothing was broken; and after its time nobody counts it any more.
    assert label(hours=5).broken == 0
    assert (label(days=95).orders, label(days=95).claims_paid) == (0, 1)
    assert label(days=181).claims_paid == 0
    assert promises.market_of(market.market_id).name == broken.market


def as_told(capsys: Capsys, *words: str, status: int = 0) -> Any:
    capsys.readouterr()
    assert run_command([*words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("committed")
def test_a_label_is_taken_away_and_checked_offline(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place("B", open_world(), until="completed")
    monkeypatch.setattr("xiaobao.web.public.pages.now", lambda: NOW)
    page = f"/shop/{SHOP}/"
    response = Client().get(f"{page}label.json")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    told = response.json()
    assert (told["shop"], told["standing"], told["kept"]["orders"]) == (SHOP, "active", 1)
    pub = tmp_path / "label-key.txt"
    pub.write_bytes(Client().get("/label-key.txt").content)
    assert pub.read_text() == signing_key() + "\n"
    assert as_told(capsys, "label", SHOP, "--at", NOW.isoformat()) == told
    order = as_told(capsys, "orders", "show", SHOP, "B")
    assert (order["order"], order["goods_minor"], order["currency"]) == ("B", 100_000, "CNY")
    assert [one["kind"] for one in order["facts"]][-1] == "completed"
    assert "ships_on_time" in {one["promise"] for one in order["promises"]}
    assert order["breaches"] == []
    assert [one["clock"] for one in order["clocks"]] == ["tracking"]
    assert as_told(capsys, "orders", "show", SHOP, "Z", status=1)["code"] == "order_not_there"
    assert as_told(capsys, "label", "nobody", status=1)["code"] == "seller_not_found"
    for language, words in (("zh", "承诺兑现率至少"), ("en", "promises kept, at least")):
        assert run_command(["--lang", language, "label", SHOP, "--at", NOW.isoformat()]) == 0
        assert words in capsys.readouterr().out
        assert run_command(["--lang", language, "orders", "show", SHOP, "B"]) == 0
        assert "¥1,000.00" in capsys.readouterr().out
    kept = tmp_path / "label.json"
    kept.write_bytes(response.content)
    monkeypatch.setenv("DATABASE_URL", "no address at all")

    def verified(*more: str, at: Any = NOW) -> tuple[int, Any]:
        status = run_command(["--lang", "en", "verify", str(kept), *more, "--at", at.isoformat(),
                              "--json"])  # fmt: skip
        return status, json.loads(capsys.readouterr().out)

    status, sound = verified("--key", str(pub))
    assert (status, sound["ok"], sound["label"]["shop"]) == (0, True, SHOP)
    assert verified()[1]["code"] == "label_key_missing"
    assert verified("--key", str(pub), at=NOW + timedelta(hours=25))[0] == 1
    for language, word in (("zh", "完好"), ("en", "sound")):
        assert run_command(["--lang", language, "verify", str(kept), "--key", str(pub), "--at",
                            NOW.isoformat()]) == 0  # fmt: skip
        assert word in capsys.readouterr().out
    told["kept"]["broken"] = 0
    told["kept"]["orders"] = 500
    kept.write_text(json.dumps(told), encoding="utf-8")
    status, refused = verified("--key", str(pub))
    assert (status, refused["ok"], refused["piece"]) == (1, False, "label.json")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("zh", "未加入消保"), ("en", "Deposit is short")])
def test_a_badge_says_where_the_shop_stands(language: str, word: str) -> None:
    open_world()
    shop = SHOP
    if language == "zh":
        from xiaobao.sellers.acts import invite_sellers

        shop = "a newcomer"
        invite_sellers([shop], market_id=promises.market("cn").market_id, at=NOW)
    response = Client().get(f"/shop/{shop}/badge.svg?lang={language}")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert word in response.content.decode()
    assert "<script" not in response.content.decode()
    assert Client().get("/shop/nobody/badge.svg").status_code == 404
