"""A claim in other systems' shapes: theirs, to the letter of what they publish."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from tests.claims.making import FREIGHT, GOODS, SHOP, deny, file, later, open_world, text
from tests.conftest import SHARED
from tests.hearings.making import uphold
from xiaobao.claims.facts import ClaimKind, ClaimState
from xiaobao.cli import main, output
from xiaobao.gateways.disputes import erc1497, paypal, stripe
from xiaobao.gateways.disputes.erc1497 import multihash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLES = SHARED / "data" / "formats"


@pytest.fixture
def exported(
    committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[dict[str, dict[str, Any]]]:  # fmt: skip
    """One claim as it goes out, before and after the ruling, in each shape."""
    monkeypatch.setenv("XIAOBAO_EVIDENCE_URL", (tmp_path / "evidence").as_uri())
    monkeypatch.setenv("XIAOBAO_LANG", "en")
    open_world()

    def export(shape: str) -> dict[str, Any]:
        capsys.readouterr()
        at = later(days=2).isoformat()
        assert main.run_command(["claims", "export", "C1", "--format", shape, "--at", at]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    row = file()
    found = {"asked": export("paypal"), "asked_stripe": export("stripe")}
    deny(row, text(words="signed by the buyer"), at=later(hours=5))
    uphold(row, words="the colour is another")
    found |= {shape: export(shape) for shape in ("paypal", "stripe", "erc1497")}
    file_to = tmp_path / "c1.json"
    arguments = ["claims", "export", "C1", "--format", "erc1497", "--out", str(file_to)]
    assert main.run_command(arguments) == 0
    assert file_to.stat().st_mode & 0o777 == 0o600
    assert main.run_command(arguments) == 1  # another file is never written over
    yield found
    output.choose_language("en")


def test_a_claim_goes_out_in_each_shape(exported: dict[str, dict[str, Any]]) -> None:
    told = exported["paypal"]
    assert told["dispute_id"] == "C1"
    assert told["reason"] == "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED"
    assert told["status"] == "RESOLVED"
    assert told["disputed_transactions"][0]["gross_amount"] == {
        "currency_code": "CNY", "value": "1008.00",
    }  # fmt: skip
    assert told["dispute_outcome"]["outcome_code"] == "RESOLVED_BUYER_FAVOUR"
    assert "PAYOUT_TO_BUYER" in [one["type"] for one in told["adjudications"]]
    assert {one["source"] for one in told["evidences"]} >= {
        "SUBMITTED_BY_BUYER", "SUBMITTED_BY_SELLER",
    }  # fmt: skip
    assert exported["asked"]["status"] in {"OPEN", "WAITING_FOR_SELLER_RESPONSE"}
    assert "adjudications" not in exported["asked"]
    assert exported["asked"]["messages"][0]["content"] == "not the colour shown"

    told = exported["stripe"]
    assert (told["amount"], told["currency"], told["status"]) == (GOODS + FREIGHT, "cny", "lost")
    assert told["evidence"]["shipping_tracking_number"] == "WA"
    carrier = hashlib.sha256(b"signed by the buyer").hexdigest()
    assert told["evidence"]["shipping_documentation"] == f"sha256:{carrier}"
    assert (told["evidence_details"]["has_evidence"], told["is_charge_refundable"]) == (
        True, False,
    )  # fmt: skip
    asked = exported["asked_stripe"]
    assert asked["status"] in {"warning_needs_response", "needs_response"}
    assert asked["evidence_details"]["has_evidence"] is False
    assert asked["evidence_details"]["due_by"] > asked["created"]

    bundle = exported["erc1497"]
    for one in (bundle["metaevidence"], *bundle["evidence"]):
        bare = {name: value for name, value in one.items() if name != "selfHash"}
        body = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert one["selfHash"] == multihash(hashlib.sha256(body.encode()).digest())
    assert f"/evidence/{carrier}" in [one["fileURI"] for one in bundle["evidence"]]
    assert bundle["metaevidence"]["aliases"] == {
        "buyer:buyer": "Buyer", f"seller:{_seller()}": SHOP,
    }  # fmt: skip


def _seller() -> int:
    from xiaobao.kernel.references import id_of

    return id_of(SHOP)


def test_paypals_own_schema_takes_it(exported: dict[str, dict[str, Any]]) -> None:
    published = SAMPLES / "paypal" / "customer_disputes_v1.json"
    if not published.exists():
        pytest.skip(f"{published} is not here")
    whole = json.loads(published.read_text())
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/components/schemas/dispute",
        "components": whole["components"],
    }
    check = jsonschema_rs.validator_for(schema)
    known = whole["components"]["schemas"]["dispute"]["properties"]
    for told in (exported["asked"], exported["paypal"]):
        assert [error.message for error in check.iter_errors(told)] == []
        assert set(told) <= set(known)
    assert list(check.iter_errors({"reason": "unheard of"})) != []
    enums = json.loads((SAMPLES / "paypal" / "enums.json").read_text())
    assert set(paypal.REASONS.values()) <= set(enums["dispute_reason"])
    assert set(paypal.STATUSES.values()) <= set(enums["status"])
    assert {*paypal.EVIDENCE.values(), paypal.OTHER_EVIDENCE} <= set(
        enums["evidence.evidence_type"]
    )


def test_stripes_own_object_has_the_same_members(exported: dict[str, dict[str, Any]]) -> None:
    published = SAMPLES / "stripe" / "fixtures_selected.json"
    if not published.exists():
        pytest.skip(f"{published} is not here")
    theirs = json.loads(published.read_text())["dispute"]
    told = exported["stripe"]
    ours = set(told)
    assert ours <= set(theirs)
    # What they alone know: the card it was paid with, and what their networks make of it.
    assert set(theirs) - ours == {"payment_method_details", "enhanced_eligibility_types"}
    assert set(told["evidence"]) == set(theirs["evidence"]) - {"enhanced_evidence"}


def test_every_kind_and_state_has_a_name_there() -> None:
    assert set(paypal.REASONS) == set(stripe.REASONS) == set(ClaimKind)
    assert set(paypal.STATUSES) < set(ClaimState)
    # The empty text's multihash, as everybody writes it.
    assert multihash(hashlib.sha256(b"").digest()) == (
        "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
    )
    assert bytes([0x12, 32]) == erc1497.SHA2_256
