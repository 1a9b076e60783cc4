"""Webhooks' rules: signatures that others verify, addresses that lead nowhere inside, retries."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.conftest import SHARED
from xiaobao.cli.house import now
from xiaobao.outbox import rules
from xiaobao.outbox.facts import Delivery, EventKind, name_of

TOLD = Delivery(
    1, 2**62 + 1, uuid.UUID(int=7), EventKind.CLAIM_PAID, 11, 22, 500,
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 2, tzinfo=dt.UTC), 1, 1,
)  # fmt: skip


@given(st.binary(max_size=200), st.integers(1, 50), st.integers(1, 5))
def test_the_public_library_verifies_what_we_sign(key: bytes, number: int, grown: int) -> None:
    """With the secret of now and, while it counts, with the one before; with no other."""
    secrets = [rules.secret_of(key, number, one) for one in (grown, grown - 1)]
    body = rules.body_of(TOLD, {"seller": "茶店"}, "CNY")
    at = int(now().timestamp())
    headers = rules.headers_of(secrets, "msg", at, body)
    for secret in secrets:
        assert Webhook(rules.spelt(secret)).verify(body.decode(), headers) == json.loads(body)
        assert rules.is_signed(secret, headers, body, now_seconds=at)
    stranger = rules.secret_of(key, number + 1, grown)
    with pytest.raises(WebhookVerificationError):
        Webhook(rules.spelt(stranger)).verify(body.decode(), headers)
    assert not rules.is_signed(stranger, headers, body, now_seconds=at)
    assert not rules.is_signed(secrets[0], headers, body + b" ", now_seconds=at)
    for late in (-301, 301):
        assert not rules.is_signed(secrets[0], headers, body, now_seconds=at + late)


def test_verdicts_of_the_standards_own_vectors() -> None:
    file = SHARED / "data" / "vectors" / "standard_webhooks.json"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    whole = json.loads(file.read_text())
    secret = rules.read_secret(whole["secret"])
    assert secret is not None
    body = whole["payload"].encode()
    verdicts = {
        one["name"]: rules.is_signed(secret, one["headers"], body, now_seconds=one["now"])
        for one in whole["vectors"]
    }
    assert verdicts == {one["name"]: one["expect"] for one in whole["vectors"]}
    known = whole["vectors"][0]["headers"]
    assert known == rules.headers_of(
        [secret], known["webhook-id"], int(known["webhook-timestamp"]), body
    )


def test_a_body_is_a_cloud_event_and_the_same_every_time() -> None:
    body = rules.body_of(TOLD, {"seller": "茶店", "order": "o1"}, "CNY")
    assert json.loads(body) == {
        "specversion": "1.0", "id": str(uuid.UUID(int=7)), "source": "/xiaobao",
        "type": "claim.paid", "subject": f"sellers/{2**62 + 1}",
        "time": "2026-01-01T00:00:00+00:00", "datacontenttype": "application/json",
        "data": {
            "seller": {"id": str(2**62 + 1), "name": "茶店"}, "order": "o1", "subject_id": "11",
            "party_id": "22", "amount": {"amount": 500, "currency": "CNY"},
            "recorded_at": "2026-01-02T00:00:00+00:00",
        },
    }  # fmt: skip
    assert body == rules.body_of(TOLD, {"seller": "茶店", "order": "o1"}, "CNY")
    assert json.loads(rules.body_of(TOLD, {"seller": "a"}, None))["data"]["amount"] is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_addresses_that_lead_into_a_house(address: str) -> None:
    assert not rules.is_public(address)
    host = f"[{address.partition('%')[0]}]" if ":" in address else address
    assert rules.wrong_with_url(f"https://{host}/", may_stay_here=False) == "private"


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14",
                "64:ff9b::5db8:d70e"]
)  # fmt: skip
def test_addresses_of_the_world(address: str) -> None:
    assert rules.is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_address_is_no_more_public_in_another_dress(number: int) -> None:
    plain = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    high, low = number >> 16, number & 0xFFFF
    for dressed in (f"::ffff:{plain}", f"64:ff9b::{high:x}:{low:x}"):
        assert rules.is_public(dressed) == rules.is_public(plain)


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://shop.example/hook?a=1", ""), ("https://shop.example:8443/", ""),
        ("http://shop.example/", "scheme"), ("ftp://shop.example/", "scheme"),
        ("https:///nothing", "unreadable"), ("https://[::1", "unreadable"),
        ("https://shop.example:99999/", "unreadable"), ("https://a b.example/", "unreadable"),
        ("https://shop.example\\@127.0.0.1/", "unreadable"), ("nonsense", "unreadable"),
        ("https://li:pw@shop.example/", "extras"), ("https://shop.example/#a", "extras"),
        ("https://shop.example:22/", "port"), ("https://shop.example:25/", "port"),
        ("https://shop.example:80/", "port"),
        ("https://localhost/", "private"), ("https://a.localhost/", "private"),
        ("https://db.internal/", "private"), ("https://127.0.0.1/", "private"),
    ],
)  # fmt: skip
def test_urls(url: str, wrong: str) -> None:
    assert rules.wrong_with_url(url, may_stay_here=False) == wrong
    if wrong == "private":
        assert rules.wrong_with_url(url, may_stay_here=True) == ""


def test_patterns_take_events_by_name_or_by_beginning() -> None:
    assert rules.unknown_patterns(["claim.paid", "claim.*", "*"]) == []
    assert rules.unknown_patterns(["claim", "claim.pa*", "claims.*"]) == [
        "claim", "claim.pa*", "claims.*",
    ]  # fmt: skip
    assert rules.fits("claim.*", "claim.paid")
    assert not rules.fits("claim.*", "claims.paid")
    every = {pattern for kind in EventKind for pattern in rules.patterns_for(kind).split()}
    for kind in EventKind:
        fitting = {pattern for pattern in every if rules.fits(pattern, name_of(kind))}
        assert set(rules.patterns_for(kind).split()) == fitting


def test_waits_grow_and_end() -> None:
    waits = [rules.next_wait(attempts) for attempts in range(1, 11)]
    assert waits[-1] is None
    given_up = sum((one for one in waits if one is not None), dt.timedelta())
    assert given_up == dt.timedelta(days=3, hours=3, minutes=35, seconds=5)
    assert waits[:-1] == sorted(set(rules.BACK_OFF))
