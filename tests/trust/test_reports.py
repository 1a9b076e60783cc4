"""The report of a quarter: reckoned, published once, corrected beside, checked by a stranger."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.claims.making import SHOP, file, key, later, open_world, place
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Answer
from xiaobao.cli.main import run_command
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.acts import signing_key
from xiaobao.evidence.rules.notes import read_verifier
from xiaobao.kernel.clocks import us_of
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers.queries import seller_named
from xiaobao.supervision import acts as supervision
from xiaobao.trust import acts, queries
from xiaobao.trust.facts import REPORT_FORMAT, Quarter
from xiaobao.trust.rules import LONGEST_REPORT, opened
from xiaobao.violations import acts as violations
from xiaobao.violations.facts import Source
from xiaobao.work import figures

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.promises.facts import Market

Capsys = pytest.CaptureFixture[str]
QUARTER, NAME = Quarter(2025, 4), "2025-Q4"
DUE = datetime(2026, 1, 11, tzinfo=ZoneInfo("Asia/Shanghai"))
PROBE = "<script>alert(1)</script>"


def live() -> Market:
    """Six orders of one shop, five of them claimed about and paid; one violation."""
    market = open_world()
    for order in "BCDEF":
        place(order, market, until="completed")
    for number, order in enumerate("ABCDE"):
        row = file(f"C-{number}", order=order)
        claims.answer_claim(*key(row), answer=Answer.ACCEPT, key="yes", at=later(hours=number + 1))
    violations.record_violation(
        seller_named(SHOP).seller_id, "V-1", kind=ViolationKind.MISDESCRIBED,
        source=Source.INSPECTION, by="an inspector", words=PROBE, at=later(days=1),
    )  # fmt: skip
    supervision.expect_weeks()
    acts.expect_reports()
    return market


def rows() -> list[Any]:
    return fetch_rows("SELECT number, body FROM trust_report ORDER BY number")


@pytest.mark.django_db
def test_a_quarter_is_published_once_and_never_changes() -> None:
    market = live()
    acts.expect_reports()
    assert queries.next_due_us() == us_of(DUE)
    assert acts.publish_reports(us_of(DUE) - 1) == 0
    assert rows() == []
    before = queries.reckoned(market, QUARTER, at=DUE)
    assert [acts.publish_reports(us_of(DUE)) for _ in range(2)] == [1, 0]
    ((number, body),) = rows()
    told, _ = opened(body.encode(), [read_verifier(signing_key())], REPORT_FORMAT, LONGEST_REPORT)
    assert told == before | {"number": 1, "is_final": True}
    assert (number, told["quarter"], told["begins"]) == (1, NAME, "2025-10-01T00:00:00+08:00")
    assert (told["orders"]["placed"], told["orders"]["shops"]) == (6, 1)
    assert told["claims"] == {
        "filed": 5, "decided": 5,
        "kinds": [{"kind": "not_as_described", "decided": 5, "endings": {
            "for_buyer": 0, "against_buyer": 0, "conceded": 5, "settled": 0, "withdrawn": 0,
            "lapsed": 0,
        }}],
    }  # fmt: skip
    # Filed at one moment, paid one to five hours later.
    assert told["payout"] == {"claims": 5, "half_hours": 3, "most_hours": 5}
    assert told["fund"]["to_buyers_minor"] == 5 * 100_800
    assert told["fund"]["advanced_minor"] + told["fund"]["from_deposit_minor"] == 5 * 100_800
    assert (told["sizes"], told["violations"]["kinds"]) == ([], [])
    assert (told["violations"]["recorded"], told["violations"]["revoked"]) == (1, 0)
    # What becomes known later changes nothing that was published; a correction stands beside it.
    claims.answer_claim(*key(file("C-9", order="F")), answer=Answer.ACCEPT, key="y", at=later())
    acts.publish_reports(us_of(DUE))
    assert rows() == [(1, body)]
    given: dict[str, Any] = {
        "why": "one claim came late", "by": "the operator", "at": DUE + timedelta(days=1),
    }  # fmt: skip
    corrected = acts.correct_report(market, QUARTER, **given)
    assert acts.correct_report(market, QUARTER, **given) == corrected
    said = json.loads(corrected.body)
    assert (said["number"], said["corrects"], said["claims"]["filed"]) == (2, 1, 6)
    assert rows() == [(1, body), (2, corrected.body)]
    for nothing in ({"why": " "}, {"by": ""}):
        with pytest.raises(acts.CorrectionEmpty):
            acts.correct_report(market, QUARTER, **(given | nothing))
    with pytest.raises(queries.ReportUnknown):
        acts.correct_report(market, Quarter(2026, 1), **given)
    assert queries.quarters_of(market.market_id) == [(QUARTER, DUE, 1)]
    assert [str(one) for one in queries.quarters_running(market, at=DUE)] == ["2026-Q1"]


@pytest.mark.django_db
def test_what_few_did_is_not_told() -> None:
    market = open_world()
    row = file("C-1", order="A")
    claims.answer_claim(*key(row), answer=Answer.ACCEPT, key="yes", at=later(hours=1))
    told = queries.reckoned(market, QUARTER, at=later(days=1))
    assert (told["claims"]["decided"], told["claims"]["kinds"]) == (None, [])
    assert (told["payout"]["half_hours"], told["orders"]["broken_bps"]) == (None, None)
    assert told["fund"]["compensations"] == 1
    assert {told["fund"][name] for name in told["fund"] if name.endswith("_minor")} == {None, 0}
    assert "100800" not in json.dumps(told)


@pytest.mark.usefixtures("committed")
def test_anybody_reads_it_and_checks_it_offline(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = live()
    moment = [later(days=3)]
    monkeypatch.setattr("xiaobao.web.public.reports.now", lambda: moment[0])
    stranger = Client(headers={"accept-language": "en"})
    page = f"/report/{NAME}/"

    def status(address: str) -> int:
        return stranger.get(address).status_code

    # Nobody has reckoned it, and nobody who asks has it reckoned.
    assert "Nothing was reckoned" in stranger.get(page).content.decode()
    assert status(f"{page}report.json") == 404
    figures.reckon_due(moment[0])
    shown = stranger.get(page).content.decode()
    assert "not published: figures are not final" in shown
    loose = stranger.get(f"{page}report.json").json()
    assert (loose["is_final"], "signature" in loose, loose["claims"]["filed"]) == (False, False, 5)
    for nonsense in ("2026-Q1", "2025-Q3", "x", "2025-Q9", "%00"):
        assert status(f"/report/{nonsense}/") == 404
    assert [status(f"{page}?{query}") for query in ("market=x", "number=2")] == [404, 200]
    moment[0] = DUE
    assert acts.publish_reports(us_of(DUE)) == 1
    acts.correct_report(market, QUARTER, why=PROBE, by="the operator", at=DUE)
    for language, words in (("zh", "已签名"), ("en", "signed")):
        shown = stranger.get(page, headers={"accept-language": language}).content.decode()
        conceded = {"zh": "卖家同意", "en": "Conceded by the seller"}[language]
        assert re.search(rf'data-label="{conceded}">5</td>', shown)
        for address in ("/report/", page, f"{page}?number=2"):
            shown = stranger.get(address, headers={"accept-language": language}).content.decode()
            assert words in shown, address
            assert PROBE not in shown
    assert status(f"{page}?number=3") == 404
    kept, pub, archive = (tmp_path / name for name in ("report.json", "key.txt", "pack.zip"))
    kept.write_bytes(stranger.get(f"{page}report.json").content)
    pub.write_bytes(stranger.get("/label-key.txt").content)

    asked = partial(answer_of, capsys)
    told = asked("supervision", "report", NAME)[1]
    assert told["corrections"][0]["why"] == PROBE
    assert told == json.loads(kept.read_bytes()) | {"corrections": told["corrections"]}
    assert asked("supervision", "report", "2025Q4")[1]["code"] == "quarter_unknown"
    assert asked("supervision", "pack", "2026-Q1", "--out", archive)[1]["code"] == "report_unknown"
    pieces = asked("supervision", "pack", NAME, "--out", archive)[1]["pieces"]
    assert {"report.json", "correction-2.json", "register.json", "inspections.json",
            "signals.json", "chains.json", "manifest.json"} < set(pieces)  # fmt: skip
    assert any(name.startswith("packs/") for name in pieces)
    assert asked("supervision", "pack", NAME, "--out", kept)[1]["code"] == "dossier_not_writable"
    answers = [
        stranger.get(f"/api/v1/quarterly-reports{tail}")
        for tail in ("", f"/{NAME}", "/2026-Q1", "/x")
    ]
    assert [one.status_code for one in answers] == [200, 200, 404, 404]
    assert answers[0].json()["quarters"][0]["quarter"] == NAME
    assert answers[1].json()["report"] == json.loads(kept.read_bytes())
    monkeypatch.setenv("DATABASE_URL", "no address at all")
    assert asked("verify", kept)[1]["code"] == "label_key_missing"
    code, sound = asked("verify", kept, "--key", pub)
    assert (code, sound["report"]["quarter"]) == (0, NAME)
    code, sound = asked("verify", archive, "--key", pub)
    assert (code, sound["about"]["quarter"], sound["is_key_known"]) == (0, NAME, True)
    assert asked("verify", archive, "--key", "0" * 32)[0] == 1
    for language, word in (("zh", "完好"), ("en", "sound")):
        for one in (kept, archive):
            assert run_command(["--lang", language, "verify", str(one), "--key", str(pub)]) == 0
            assert word in capsys.readouterr().out
    kept.write_bytes(kept.read_bytes().replace(b'"filed": 5', b'"filed": 4'))
    code, refused = asked("verify", kept, "--key", pub)
    assert (code, refused["piece"]) == (1, "report.json")
    assert_no_byte_can_change(archive, capsys)


def answer_of(capsys: Capsys, *words: Any) -> tuple[int, Any]:
    capsys.readouterr()
    code = run_command(["--lang", "en", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def assert_no_byte_can_change(archive: Path, capsys: Capsys) -> None:
    body = archive.read_bytes()
    for at in (body.index(b'"filed": 5') + 9, len(body) // 2, len(body) - 1):
        archive.write_bytes(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
        assert answer_of(capsys, "verify", archive)[0] == 1, at
