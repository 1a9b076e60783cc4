"""Alipay's signatures: the verdict of every vector, and what is read of an answer."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from alipay.exceptions import AliPayException
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from tests.conftest import SHARED
from tests.gateways.alipay_here import with_keys
from xiaobao.gateways.alipay import read_config
from xiaobao.gateways.alipay.codes import Meaning, meaning_of
from xiaobao.gateways.alipay.wire import NotBelieved, Wire, value_in
from xiaobao.gateways.alipay.yuan import fen_of, yuan_of

if TYPE_CHECKING:
    from pathlib import Path

FILE = SHARED / "data" / "vectors" / "alipay_rsa2.json"
CODES = SHARED / "data" / "formats" / "alipay_api" / "codes.tsv"


def wire_with(public_key: str, folder: Path) -> Wire:
    """As an account by public key would have it."""
    with_keys(folder)
    pem = load_der_public_key(base64.b64decode(public_key)).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "theirs.pem").write_bytes(pem)
    lines = {
        "gateway": "http://127.0.0.1:1/gateway.do", "app_id": "1", "seller_id": "2",
        "app_key": "app.key", "alipay_public_key": "theirs.pem",
    }  # fmt: skip
    file = folder / "account.toml"
    file.write_text("".join(f'{name} = "{value}"\n' for name, value in lines.items()), "utf-8")
    return Wire(read_config(file))


def answered(wire: Wire, body: str, name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the adapter believes of a body that came over the wire."""
    monkeypatch.setattr(wire._sdk, "_posted", lambda _: body)
    answer: dict[str, Any] = wire._sdk.verified_sync_response({}, name)
    return answer


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not on this machine")
def test_every_vector_has_its_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = []
    for case in json.loads(FILE.read_text(encoding="utf-8")):
        wire = wire_with(case["public_key_b64_der"], tmp_path)
        if "params" in case:
            held = wire.holds_notify(case["params"])
        else:
            whole = json.loads(case["body"])
            name = next(key for key in whole if key.endswith("_response"))
            assert value_in(case["body"], name) == case["string_to_sign"]
            held = answered(wire, case["body"], name, monkeypatch) == whole[name]
        verdicts.append((case["name"], held, case["expect_valid"]))
    assert [name for name, held, expected in verdicts if held is not expected] == []
    assert len(verdicts) == 3


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not on this machine")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.replace('"code":"10000"', '"code":"40004"'),
        lambda body: body.replace('"sign":"', '"sign":"A'),
        lambda body: body.replace('"sign"', '"signed"'),
        lambda body: body[:-5],
        lambda _: "[]",
        lambda _: "",
    ],
)
def test_an_answer_that_is_not_truly_signed_is_none(
    spoil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = json.loads(FILE.read_text(encoding="utf-8"))[2]
    name = next(key for key in json.loads(case["body"]) if key.endswith("_response"))
    wire = wire_with(case["public_key_b64_der"], tmp_path)
    spoilt = spoil(case["body"])
    assert spoilt != case["body"]
    with pytest.raises(NotBelieved):
        answered(wire, spoilt, name, monkeypatch)


def test_a_notify_with_another_kind_of_signature_is_none(tmp_path: Path) -> None:
    folder = with_keys(tmp_path)
    wire = Wire(read_config(folder / "alipay.toml"))
    for told in ({}, {"sign": "", "sign_type": "RSA"}, {"sign": "äö", "sign_type": "RSA2"}):
        assert wire.holds_notify(told) is False
    assert issubclass(AliPayException, Exception)


def test_a_brace_in_a_text_does_not_end_an_answer() -> None:
    raw = '{"a_response" : {"sub_msg":"a } in it","n":{"m":"{"}},"sign":"x"}'
    assert value_in(raw, "a_response") == '{"sub_msg":"a } in it","n":{"m":"{"}}'
    with pytest.raises(ValueError):
        value_in(raw, "b_response")


def test_sums_are_exact_both_ways() -> None:
    assert [yuan_of(fen) for fen in (0, 5, 10, 123_456, -4)] == [
        "0.00", "0.05", "0.10", "1234.56", "-0.04",
    ]  # fmt: skip
    assert [fen_of(text) for text in ("0.1", "+3", "-0.04", " 1234.56 ")] == [10, 300, -4, 123_456]
    for text in ("", "1.005", "1,000.00", "1e3", "¥1", "NaN", "٣"):
        with pytest.raises(ValueError):
            fen_of(text)


@pytest.mark.skipif(not CODES.exists(), reason=f"{CODES} is not on this machine")
def test_every_documented_code_is_known_and_only_open_ones_are_open() -> None:
    rows = [line.split("\t") for line in CODES.read_text("utf-8").splitlines()[1:]]
    names = [name.strip() for row in rows for name in row[0].split("/")]
    assert len(names) == 18
    meanings = {name: meaning_of("40004", name) for name in names}
    still_open = {
        name for name, one in meanings.items() if one in {Meaning.UNKNOWN, Meaning.CONFLICT}
    }
    assert still_open == {"SYSTEM_ERROR", "PAYMENT_INFO_INCONSISTENCY"}
    assert meanings["EXCEED_LIMIT_SM_MIN_AMOUNT"] is Meaning.LIMIT
    assert meanings["PAYER_BALANCE_NOT_ENOUGH"] is Meaning.FUND


def test_a_word_nobody_knows_leaves_it_open() -> None:
    assert meaning_of("40004", "ACQ.SOMETHING_NEW") is Meaning.UNKNOWN
    assert meaning_of("20000", "isp.unknow-error") is Meaning.UNKNOWN
    assert meaning_of("40004", "ACQ.SYSTEM_ERROR") is Meaning.UNKNOWN
    assert meaning_of("40002", "isv.invalid-signature") is Meaning.REQUEST
    assert meaning_of("40004", "ACQ.TRADE_NOT_EXIST") is Meaning.NOT_FOUND
