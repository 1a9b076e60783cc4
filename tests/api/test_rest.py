"""The rest of what consoles do, by call: juries, drafts, threads, mixes, links, papers, books."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.api.conftest import Caller
from tests.claims.making import (
    NOW,
    OTHER_SHOP,
    SHOP,
    book,
    deny,
    everything,
    file,
    later,
    paper,
)
from tests.hearings.test_acts_jury import seat_jurors
from tests.later_pack import china_pack, later_pack
from xiaobao.api.resources.claims import papers
from xiaobao.database import sets
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.acts import viewing
from xiaobao.evidence.rules.dossiers import check
from xiaobao.gateways.disputes.erc1497 import multihash
from xiaobao.work import callers, exporting, figures
from xiaobao.work.answers import answering
from xiaobao.work.passes import PassSpent, open_pass
from xiaobao.work.scopes import ClientRole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

CLAIM = f"/sellers/{SHOP}/claims/C1"


def yuan(amount: int) -> Any:
    return {"amount": amount * 100, "currency": "CNY"}


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_kept_answer_is_told_to_nobody_who_may_not_ask_for_it(
    calling: Callable[[str], Caller],
) -> None:
    made = callers.add_client("one", ClientRole.PLATFORM, at=NOW)
    whole = Caller(*made)
    asked = {"claim": "C1", "order": "A", "buyer": "buyer", "kind": "damaged"}
    assert whole.post(f"/sellers/{SHOP}/claims", asked, key="k").status_code == 201
    form = {"grant_type": "client_credentials", "client_id": made[0], "client_secret": made[1]}
    less = whole.http.post("/api/v1/token", form | {"scope": "packs:read"}).json()
    whole.token = less
    refused = whole.post(f"/sellers/{SHOP}/claims", asked, key="k")
    assert code(refused) == (403, "scope_missing")
    assert "Idempotent-Replayed" not in refused.headers
    other = calling("platform").post(f"/sellers/{SHOP}/claims", asked | {"order": "B"}, key="k")
    assert "Idempotent-Replayed" not in other.headers


def test_clients_of_one_owner_have_names_of_their_own(calling: Callable[[str], Caller]) -> None:
    made, _ = callers.add_client(" li ", ClientRole.PLATFORM, at=NOW)
    with pytest.raises(callers.ClientNameTaken):
        callers.add_client("li", ClientRole.ADJUDICATOR, at=NOW)
    with pytest.raises(callers.ClientNameMissing):
        callers.add_client(" ", ClientRole.PLATFORM, at=NOW)
    callers.revoke_client(made, at=NOW)
    _, secret = again = callers.add_client("li", ClientRole.SUPERVISOR, at=NOW)
    assert secret
    asked = {"violation": "V1", "kind": "misdescribed", "words": "no"}
    told(Caller(*again).post(f"/sellers/{SHOP}/violations", asked), 201)
    seen = told(calling("platform").get(f"/sellers/{SHOP}/violations/V1"))
    assert seen["events"][0]["by"] == f"li ({again[0]})", "no person is called so"


def test_a_jury_is_drawn_seals_opens_and_is_counted(
    calling: Callable[[str], Caller], the_time: Callable[[datetime], None]
) -> None:
    platform, desk = calling("platform"), calling("adjudicator")
    seat_jurors()
    told(platform.post("/jurors", {"juror": "li", "kind": "expert"}), 201)
    told(platform.post("/known-cases", {"case": "easy", "right": "uphold"}), 201)
    right = platform.post("/jurors/li/tests", {"case": "easy", "vote": "uphold"})
    assert told(right) == {"juror": "li", "case": "easy", "is_right": True}
    left = told(platform.post("/jurors/li/end"))
    assert (left["juror"], left["cases"], left["right"]) == ("li", 1, 1)
    assert left["left_at"] is not None
    row = file()
    deny(row, paper(), at=later(hours=5))
    the_time(later(days=1))
    assert code(calling("shop").post(f"{CLAIM}/jury")) == (403, "scope_missing")
    panel = told(desk.post(f"{CLAIM}/jury", key="jury"), 201)
    everybody = told(desk.get("/jurors"))
    assert everybody["next"] is None
    listed = everybody["jurors"]
    assert [one for one in listed if one["juror"] == "li"] == [left]
    assert paged(desk, "/jurors", "jurors", 3) == listed
    ids = {one["juror"]: one["juror_id"] for one in listed}
    voters = [one["juror"] for one in panel["seats"]]
    assert "li" not in voters
    the_time(later(days=1, hours=2))
    for one in voters:
        said = f"{panel['panel']}|{ids[one]}|UPHOLD|secret of {one}"
        sealed = {"juror": one, "sha256": sha256(said.encode()).hexdigest()}
        assert code(desk.post(f"{CLAIM}/jury/seals", sealed)) == (403, "scope_missing")
        told(platform.post(f"{CLAIM}/jury/seals", sealed))
    the_time(later(days=1, hours=3))
    for number, one in enumerate(voters):
        vote = {"juror": one, "vote": "uphold", "salt": f"secret of {one}", "words": "seen"}
        after = told(platform.post(f"{CLAIM}/jury/votes", vote))
        is_last = number == len(voters) - 1
        assert after["is_answered"] is is_last
        # Nobody is told how others vote before all have.
        shown = {seat["vote"] for seat in after["seats"]}
        assert shown == ({"uphold"} if is_last else {None})
    assert (after["outcome"], after["reject_bps"]) == ("upheld", 0)
    assert told(desk.get(f"{CLAIM}/juries"))["panels"] == [after]
    assert code(calling("shop").get(f"{CLAIM}/juries")) == (403, "scope_missing")


def test_a_pack_is_consulted_on_and_two_persons_announce_it(
    calling: Callable[[str], Caller], tmp_path: Path
) -> None:
    policy, shop = calling("policy"), calling("shop")
    folder = china_pack(tmp_path / "cn")
    later_pack(folder, "2025-12-15", announced="2025-11-20", effective="2025-12-15", bps=700,
               is_major=True)  # fmt: skip
    files = {one.name: one.read_text("utf-8") for one in folder.iterdir()}
    assert code(shop.post("/drafts", {"files": files})) == (403, "scope_missing")
    head = files["pack.toml"]
    for wrong in ({"a.toml": "a = 1"}, files | {"pack.toml": f'based_on = "../x"\n{head}'},
                  files | {"pack.toml": f'\ufeffbased_on = "{folder}"\n{head}'},
                  files | {"..": ""}, files | {"../a.md": ""}):  # fmt: skip
        assert code(policy.post("/drafts", {"files": wrong})) == (422, "pack_not_whole")
    draft = told(policy.post("/drafts", {"files": files}), 201)
    assert (draft["version"], draft["unanswered"], draft["is_announced"]) == (
        "2025-12-15", 0, False,
    )  # fmt: skip
    at = "/drafts/cn/2025-12-15"
    said = told(shop.post(f"{at}/comments", {"words": "too dear", "by": "li"}), 201)
    (comment,) = said["comments"]
    assert comment["said_by"] == f"li ({SHOP}, {shop.client_id})"
    answered = f"{at}/comments/{comment['comment']}"
    replied = told(policy.post(answered, {"words": "not so"}))
    assert replied["unanswered"] == 0

    def names(caller: Caller) -> list[str]:
        seen = told(caller.get(at))
        (one,) = seen["comments"]
        listed = told(caller.get("/drafts?market=cn"))["drafts"][0]["opened_by"]
        return [listed, seen["opened_by"], one["said_by"], one["replied_by"]]

    # Who the people are that speak is told to the marketplace and its policy owners.
    signed = f"({policy.client_id})"
    every = names(calling("platform"))
    assert every == names(policy)
    assert [one.endswith(signed) for one in every] == [True, True, False, True]
    assert names(shop) == ["", "", comment["said_by"], ""]
    assert names(calling("other shop")) == names(calling("adjudicator")) == [""] * 4
    assert code(policy.post(answered, {"words": "other"})) == (409, "reply_stands")
    assert code(policy.post(f"{at}/comments/999", {"words": "x"})) == (404, "comment_unknown")
    for caller, body in ((policy, {}), (calling("platform"), {"by": "li"})):
        refused = caller.post(f"{at}/announcement", body)
        assert code(refused) == (403, "announcing_takes_two")
    assert told(policy.get(at))["is_announced"] is False
    assert fetch_rows("SELECT count(*) FROM promises_announcement") == [(0,)]
    gone = policy.post("/packs/cn/2025-12-15/withdrawal", {"why": "x"})
    assert code(gone) == (404, "version_unknown")


def test_a_thread_runs_between_a_shop_and_a_specialist(calling: Callable[[str], Caller]) -> None:
    shop, desk, platform = calling("shop"), calling("adjudicator"), calling("platform")
    at = f"/sellers/{SHOP}/threads"
    asked = told(shop.post(at, {"topic": "leaving", "words": "when?"}, key="q"), 201)
    assert asked["due_at"] is not None
    assert told(shop.post(at, {"topic": "leaving", "words": "when?"}, key="q"), 201) == asked
    assert [one["seller"] for one in told(desk.get("/threads"))["threads"]] == [SHOP]
    assert code(desk.post(at, {"words": "x"})) == (403, "speaker_of_another")
    assert code(shop.post(f"{at}/1", {"words": "x", "as": "specialist"})) == (
        403, "speaker_of_another",
    )  # fmt: skip
    assert code(platform.post(f"{at}/1", {"words": "x"})) == (422, "speaker_missing")
    assert code(calling("other shop").get(at)) == (404, "not_found")
    # What is owed is not closed away, whoever of the marketplace asks.
    assert code(desk.post(f"{at}/1/close")) == (409, "consult_answer_owed")
    assert code(platform.post(f"{at}/1/close")) == (422, "speaker_missing")
    for caller in (desk, platform):
        owed = caller.post(f"{at}/1/close", {"as": "specialist"})
        assert code(owed) == (409, "consult_answer_owed")
    assert code(shop.post(f"{at}/1/close", {"as": "specialist"})) == (403, "speaker_of_another")
    assert told(shop.get(at))["threads"] == [asked]
    done = told(desk.post(f"{at}/1", {"words": "in ten days"}))
    assert [(one["is_specialist"], one["words"]) for one in done["said"]] == [
        (False, "when?"), (True, "in ten days"),
    ]  # fmt: skip
    assert done["said"][1]["by"].endswith(f" ({desk.client_id})")
    assert done["due_at"] is None
    (seen,) = told(shop.get(at))["threads"]
    assert [one["by"].partition(" (")[2] for one in seen["said"]] == [
        f"{SHOP}, {shop.client_id})", "",
    ]  # fmt: skip
    assert seen["said"][0]["by"].startswith("the shop ")
    more = told(platform.post(f"{at}/1", {"words": "by telephone: thanks", "as": "seller"}))
    assert more["said"][2]["by"].endswith(f" ({platform.client_id})")
    assert not more["said"][2]["is_specialist"]
    headers = shop.headers(idempotency_key="bare")
    bare = shop.http.generic("POST", f"/api/v1{at}/1/close", b"", "", headers=headers)
    assert told(bare)["closed_at"] is not None
    assert told(shop.get(f"/sellers/{SHOP}/exit/coach"))["free"]["currency"] == "CNY"


def test_what_stands_in_place_of_cash(calling: Callable[[str], Caller]) -> None:
    shop, platform, at = calling("shop"), calling("platform"), f"/sellers/{SHOP}/deposit"
    before = book()
    mixed = told(shop.post(f"{at}/mix", {"reserve_bps": 1000}))
    assert (mixed["reserve_bps"], mixed["covers"], mixed["deferred"]) == (1000, [], yuan(0))
    # Both or nothing: nothing is missing that could be spread.
    wrong = shop.post(f"{at}/mix", {"reserve_bps": 500, "instalments": 3})
    assert wrong.status_code == 409, wrong.content
    assert told(shop.get(f"{at}/mix"))["reserve_bps"] == 1000
    assert code(shop.post(f"{at}/mix", {})) == (422, "mix_nothing_chosen")
    cover = {
        "cover": "P-1", "insurer": "PICC", "limit": yuan(1000), "is_premium_paid": True,
        "begins_at": NOW.isoformat(), "ends_at": later(days=365).isoformat(),
    }  # fmt: skip
    assert code(shop.post(f"{at}/covers", cover)) == (403, "not_of_platform")
    covered = told(platform.post(f"{at}/covers", cover), 201)
    assert [(one["cover"], one["limit"], one["premium"]) for one in covered["covers"]] == [
        ("P-1", yuan(1000), yuan(0))
    ]
    assert book() == before


def test_a_buyers_link_is_kept_nowhere_and_opens_once(calling: Callable[[str], Caller]) -> None:
    platform = calling("platform")
    at = f"/sellers/{SHOP}/orders/A/links"
    first = told(platform.post(at, {"hours": 2}, key="k"), 201)
    again = told(platform.post(at, {"hours": 2}, key="k"), 201)
    assert first["path"] != again["path"]
    secret = first["path"].rstrip("/").rpartition("/")[2]
    kept = fetch_rows("SELECT count(*) FROM work_answer WHERE body IS NOT NULL")
    assert kept == [(0,)]
    assert code(platform.post(f"/sellers/{SHOP}/orders/none/links", {})) == (
        404, "order_not_known",
    )  # fmt: skip
    (seller_id,) = fetch_rows("SELECT seller_id FROM work_pass LIMIT 1")[0]
    assert open_pass(seller_id, secret, at=NOW + timedelta(hours=1)) != 0
    with pytest.raises(PassSpent):
        open_pass(seller_id, secret, at=NOW + timedelta(hours=1))
    account = {"account": "li@example.com", "name": "li"}
    assert told(platform.post("/buyers/li/account", account)) == {"buyer": "li", "is_bound": True}
    assert code(calling("shop").post("/buyers/li/account", account)) == (403, "scope_missing")


def test_papers_of_a_claim_are_masked_for_its_shop(
    calling: Callable[[str], Caller],
) -> None:
    row = file(words="call me at 13812345678")
    deny(row, paper(), at=later(hours=5))
    desk, shop = calling("adjudicator"), calling("shop")
    assert code(desk.get(f"{CLAIM}/dossier")) == (422, "evidence_reason_missing")
    whole = desk.get(f"{CLAIM}/dossier?why=appeal")
    assert (whole.status_code, whole["Content-Type"]) == (200, "application/zip")
    sealed = whole.getvalue()
    checked = check(sealed)
    assert "claim.json" in checked.names
    mine = shop.get(f"{CLAIM}/dossier")
    assert b"13812345678" in sealed
    assert b"13812345678" not in mine.getvalue()
    assert code(calling("other shop").get(f"{CLAIM}/dossier")) == (404, "not_found")
    for shape in ("paypal", "stripe", "erc1497"):
        at = f"{CLAIM}/exports/{shape}"
        assert b"13812345678" not in shop.get(at).getvalue()
        body = shop.get(f"{at}?files=true").getvalue()
        assert b"13812345678" not in body
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            assert archive.testzip() is None
            inside = {name: archive.read(name) for name in archive.namelist()}
        files = {name: one for name, one in inside.items() if name.startswith("files/")}
        assert files
        hashes = {sha256(one).hexdigest() for one in files.values()}
        if shape == "erc1497":
            told_of = [
                json.loads(one) for name, one in inside.items() if name.startswith("evidence/")
            ]
            named = {one["fileURI"][1:]: one["fileHash"] for one in told_of}
            assert named == {name: multihash(sha256(one).digest()) for name, one in files.items()}
        elif shape == "stripe":
            pointed = json.loads(inside["files.json"])
            assert {name.removeprefix("sha256:") for name in pointed} == hashes
            assert set(pointed.values()) == set(files)
        else:
            notes = json.loads(inside["dispute.json"])["evidences"]
            assert {one["notes"].rpartition("sha256:")[2] for one in notes} == hashes
            assert {f"files/{one['documents'][0]['name']}" for one in notes} == set(files)
    # What left is on the chain, each time.
    exported = fetch_rows("SELECT count(DISTINCT viewer_id) FROM evidence_custody")
    assert exported == [(2,)]


def paged(caller: Caller, path: str, field: str, limit: int) -> list[Any]:
    """All rows of a list, page after page, none of them longer than was asked for."""
    found: list[Any] = []
    cursor, more = "", "&" if "?" in path else "?"
    while True:
        page = told(caller.get(f"{path}{more}limit={limit}{cursor}"))
        assert len(page[field]) <= limit
        found += page[field]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_the_books_as_finance_reads_them(calling: Callable[[str], Caller]) -> None:
    finance = calling("finance")
    found = told(finance.get("/books/balance"))
    assert sum(one["sum"]["amount"] for one in found["accounts"]) == 0
    assert {one["sum"]["currency"] for one in found["accounts"]} == {"CNY"}
    assert told(finance.get("/books/debts")) == {"debts": [], "next": None}
    assert told(finance.get("/bills")) == {"bills": []}
    day = told(finance.get("/days/2025-10-01"))
    assert (day["closed_at"], day["statement"]) == (None, "")
    assert code(finance.post("/days/2025-10-01/close", {})) == (409, "day_without_bill")
    bad = finance.http.post(
        "/api/v1/bills", {"file": io.BytesIO(b"nonsense")},
        headers=finance.headers(idempotency_key="bill"),
    )  # fmt: skip
    assert (bad.status_code, bad.json()["code"]) == (422, "bill_refused")
    assert code(calling("shop").get("/books/balance")) == (403, "scope_missing")


def test_what_left_unowed_is_told_a_page_at_a_time(calling: Callable[[str], Caller]) -> None:
    """Payouts and refunds are one list, the latest first; some of the same moment, one settled."""
    sets.execute(
        "INSERT INTO advances_payout (seller_id, buyer_id, amount, created_at, ended_at, payout, "
        "market_id, state) SELECT seller_id, 1, 100 + n, %(at)s, %(at)s + n / 2 * interval '1 h', "
        "lpad(n::text, 32, '0')::uuid, market_id, 7 "
        "FROM sellers_seller, generate_series(1, 3) AS n",
        {"at": NOW},
    )
    sets.execute(
        "INSERT INTO exits_payment (seller_id, amount_minor, created_at, due_at, next_at, "
        "ended_at, payment, number, attempts, queries, market_id, kind, state, account, holder, "
        "gateway_ref, said) SELECT seller_id, 200, %(at)s, %(at)s, 'infinity', %(at)s + interval "
        "'1 h', lpad('9', 32, '0')::uuid, 1, 1, 0, market_id, 1, 7, '', '', '', '' "
        "FROM sellers_seller",
        {"at": NOW},
    )
    finance = calling("finance")
    whole = told(finance.get("/unowed"))
    assert whole["next"] is None
    rows = whole["unowed"]
    key = [(one["at"], one["amount"]["amount"]) for one in rows]
    hour = later(hours=1).isoformat().replace("+00:00", "Z")
    assert sorted(key, reverse=True) == sorted(
        [(hour, 200)] * 2
        + [(hour, 102), (hour, 103)] * 2
        + [(NOW.isoformat().replace("+00:00", "Z"), 101)] * 2,
        reverse=True,
    )
    assert [at for at, _ in key] == sorted((at for at, _ in key), reverse=True)
    assert len({one["number"] for one in rows}) == 8
    # Written off to the last fen: it is told only where those are asked for too.
    gone = rows[2]["number"]
    for step in ({"step": "asked", "ref": "L-1"}, {"step": "written_off"}):
        answer = calling("platform").post(f"/unowed/{gone}", step | {"words": "w", "by": "ada"})
        assert answer.status_code == 201, answer.content
    left = [one for one in rows if one["number"] != gone]
    for limit in (1, 3, 7):
        assert paged(finance, "/unowed", "unowed", limit) == left
    numbers = [one["number"] for one in paged(finance, "/unowed?settled=true", "unowed", 3)]
    assert numbers == [one["number"] for one in rows]
    assert code(finance.get("/unowed?cursor=x")) == (422, "cursor_wrong")


def test_a_supervisors_client_reads_what_a_supervisor_sees(
    calling: Callable[[str], Caller],
) -> None:
    staff = calling("supervisor")
    sets.execute(
        "INSERT INTO supervision_week (seller_id, market_id, week, watched, orders, broken, "
        "span_orders, span_broken, sampled, sample_broken, rate_bps, least_bps, most_bps, "
        "centre_bps, low_bps, high_bps, market_bps, funnel_bps, signals, since_week, "
        "rules_version) SELECT seller_id, market_id, 20000, 1, 10, 2, 10, 2, 0, 0, 2000, 500, "
        "5000, 300, 0, 900, 300, 900, 5, 20000, 1 FROM sellers_seller"
    )
    at = "/supervision/shops?market=cn&watched=shipping"
    first = told(staff.get(f"{at}&limit=1"))
    rest = told(staff.get(f"{at}&limit=1&cursor={first['next']}"))
    assert sorted(one["seller"] for one in first["shops"] + rest["shops"]) == [OTHER_SHOP, SHOP]
    (shop,) = first["shops"]
    assert (shop["least_bps"], shop["most_bps"], shop["signals"]) == (
        500, 5000, ["above_own", "above_market"],
    )  # fmt: skip
    assert len(told(staff.get("/supervision/signals?market=cn"))["shops"]) == 2
    none: Any = {"count": 0, "as_of": None, "pairs": []}
    assert told(staff.get("/supervision/pairs?market=cn")) == none
    assert told(staff.get("/supervision/inspections")) == {"inspections": [], "next": None}
    assert told(staff.get("/supervision/clocks?market=cn")) == {"as_of": None, "clocks": []}
    gauge = told(staff.get("/supervision/cheating?market=cn"))
    assert (gauge["bad_sales"], gauge["promises"], len(gauge["not_known"])) == (0, [], 5)
    # As pages show them: from then on they say up to when they were reckoned.
    figures.reckon_due(NOW)
    kept = {"as_of": NOW.isoformat().replace("+00:00", "Z")}
    for name, before in (("clocks", {"clocks": []}), ("cheating", gauge), ("pairs", none)):
        assert told(staff.get(f"/supervision/{name}?market=cn")) == before | kept
    shop = told(staff.get(f"/supervision/cheating?market=cn&seller={SHOP}&days=7"))
    assert shop["promises"] == []
    for wrong in ("clocks?market=none", "cheating?market=none"):
        assert code(staff.get(f"/supervision/{wrong}")) == (404, "market_unknown")
    nobody = "/supervision/cheating?market=cn&seller=nobody"
    assert code(staff.get(nobody)) == (404, "seller_not_found")
    for role in ("shop", "adjudicator", "finance"):
        assert code(calling(role).get(at)) == (403, "scope_missing")


def test_a_decision_on_an_exit_waits_for_whoever_holds_it(
    calling: Callable[[str], Caller],
) -> None:
    platform, at = calling("platform"), f"/sellers/{SHOP}"
    profile = {"payout_account": "shop@example.com", "legal_name": "li"}
    platform.post(f"{at}/profile", {"changes": profile})
    part = {"scope": "part", "amount": yuan(1)}
    # A shop's own client is named beside its shop, to the shop and to the staff.
    own = calling("shop")
    told(own.post(f"{at}/exits", part), 201)
    left = told(own.post(f"{at}/exit/cancel", {"words": "we stay"}))
    asked, *_, cancelled = left["events"]
    assert (cancelled["event"], by := cancelled["by"]) == ("cancelled", asked["by"])
    assert (by.startswith("the shop "), by.endswith(f" ({SHOP}, {own.client_id})")) == (True, True)
    assert told(platform.get(f"{at}/exits/1"))["events"] == left["events"]
    applied = platform.post(f"{at}/exits", part)
    old = applied.headers["ETag"]
    stale = platform.post(f"{at}/exit/refuse", {"words": "x", "by": "li"}, if_match='"other"')
    assert code(stale) == (412, "changed_meanwhile")
    done = platform.post(f"{at}/exit/approve", {"by": "li"}, if_match=old)
    assert done.json()["state"] == "approved"
    twice = platform.post(f"{at}/exit/approve", {"by": "wang"}, if_match=old)
    assert code(twice) == (412, "changed_meanwhile")


def test_an_archive_is_bounded_counted_and_made_one_at_a_time(
    calling: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = file()
    deny(row, paper(), at=later(hours=5))
    shop = calling("shop")
    archives = [f"{CLAIM}/dossier", f"{CLAIM}/exports/stripe?files=true"]

    def rows() -> Any:
        return fetch_rows("SELECT count(*) FROM evidence_custody")

    def counted() -> int:
        found = fetch_rows("SELECT calls FROM work_allowance WHERE caller = %s", [shop.client_id])
        return int(found[0][0])

    ((pieces, size),) = fetch_rows("SELECT count(*), sum(size)::bigint FROM evidence_piece")
    assert pieces > 1
    before = rows()
    # Held by whoever makes one in another process.
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with answering(shop.client_id, papers._ARCHIVE) as is_mine:
            assert is_mine.answer
            held.set()
            done.wait()
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    try:
        assert [code(shop.get(one)) for one in archives] == [(429, "archive_under_way")] * 2
    finally:
        done.set()
        other.join()
    # Nothing is read to know that it is too much.
    monkeypatch.setattr(exporting, "most_at_once", lambda: size - 1)
    with monkeypatch.context() as patched:
        patched.setattr(viewing, "blobs", None)
        refused = [shop.get(one) for one in archives]
    assert [code(one) for one in refused] == [(413, "archive_too_large")] * 2
    assert f"has {size} bytes, and at most {size - 1} leave" in refused[0].json()["detail"]
    assert rows() == before
    # A document without files tells of so many pieces and no more; their list comes in pages.
    told_of = f"{CLAIM}/exports/stripe"
    monkeypatch.setattr(exporting, "most_told", lambda: pieces)
    assert shop.get(told_of).status_code == 200
    monkeypatch.setattr(exporting, "most_told", lambda: pieces - 1)
    too_long = shop.get(told_of)
    assert code(too_long) == (413, "export_too_long")
    assert f"has {pieces} pieces of evidence" in too_long.json()["detail"]
    assert f"of at most {pieces - 1}:" in too_long.json()["detail"]
    whole = told(shop.get(f"{CLAIM}/evidence"))
    assert (whole["next"], len(whole["pieces"])) == (None, pieces)
    assert paged(shop, f"{CLAIM}/evidence", "pieces", 1) == whole["pieces"]
    assert [one["number"] for one in whole["pieces"]] == list(range(1, pieces + 1))
    monkeypatch.setattr(exporting, "most_at_once", lambda: size)
    for one in archives:
        asked = counted()
        assert shop.get(one).status_code == 200
        assert counted() == asked + pieces


def test_an_adjudicators_client_stops_the_clocks_and_a_shops_does_not_alone(
    calling: Callable[[str], Caller],
) -> None:
    file()
    desk, shop, platform = calling("adjudicator"), calling("shop"), calling("platform")
    court = {"reason": "court", "words": "taken on Monday"}
    before = everything()
    assert code(shop.post(f"{CLAIM}/suspension", court)) == (
        422, "claim_authority_document_missing",
    )  # fmt: skip
    assert code(shop.post(f"{CLAIM}/suspension", court | {"party": "platform"}))[0] == 403
    assert code(desk.post(f"{CLAIM}/suspension", court | {"party": "seller"}))[0] == 403
    assert code(calling("other shop").post(f"{CLAIM}/suspension", court))[0] == 404
    assert code(calling("finance").post(f"{CLAIM}/suspension", court))[0] == 403
    assert code(platform.post(f"{CLAIM}/suspension", court)) == (422, "party_missing")
    assert everything() == before
    done = desk.post(f"{CLAIM}/suspension", court)
    assert (done.status_code, done.json()["state"]) == (200, "suspended")
    assert code(shop.post(f"{CLAIM}/resumption", {})) == (403, "claim_resumed_by_others")
    done = platform.post(f"{CLAIM}/resumption", {"party": "platform"})
    assert (done.status_code, done.json()["state"]) == (200, "awaiting_seller")
    talks = {"reason": "self_settlement"}
    assert shop.post(f"{CLAIM}/suspension", talks).json()["state"] == "awaiting_seller"
    done = platform.post(f"{CLAIM}/suspension", talks | {"party": "buyer"})
    assert done.json()["state"] == "suspended"
