"""The client itself: what a marketplace's system does most, each call with its types.

with Client("http://127.0.0.1:8868", client_id, secret) as xiaobao:
xiaobao.tell_facts("cn", facts)
claim = xiaobao.file_claim("shop", claim="C1", order="A", buyer="li", kind="damaged")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from xiaobao.client.calling import Calling, part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import httpx

    from xiaobao.client.shapes import Claim, Fact, FactsTold, Money, Payout, Ruling, Told

MOST_FACTS = 10_000


class Client(Calling):
    """Every method makes one call; `key` names it, and the same key is done once."""

    # -- the marketplace -------------------------------------------------------------------------

    def clock(self) -> Told:
        """The marketplace's own time, and its markets."""
        return cast("Told", self.get("/clock").json())

    def enrol(self, market: str, sellers: Sequence[str], *, signed_by: str,
              category: str = "general", key: str = "") -> list[Told]:  # fmt: skip
        body = {"market": market, "sellers": list(sellers), "signed_by": signed_by,
                "category": category}  # fmt: skip
        return cast("list[Told]", self.post("/enrolments", body, key=key).json()["sellers"])

    def sellers(self, **params: Any) -> Iterator[Told]:
        return self.pages("/sellers", "sellers", **params)

    def seller(self, seller: str) -> Told:
        return cast("Told", self.get(f"/sellers/{part(seller)}").json())

    # -- orders ----------------------------------------------------------------------------------

    def tell_facts(self, market: str, facts: Iterable[Fact], *, key: str = "") -> FactsTold:
        """Up to ten thousand; all of them are taken, or none."""
        body = {"market": market, "facts": list(facts)}
        return cast("FactsTold", self.post("/facts", body, key=key).json())

    def order(self, seller: str, order: str) -> Told:
        return cast("Told", self.get(f"/sellers/{part(seller)}/orders/{part(order)}").json())

    # -- items and the deposit -------------------------------------------------------------------

    def mark_items(self, seller: str, items: Sequence[str], *, key: str = "") -> Told:
        path = f"/sellers/{part(seller)}/items/mark"
        return cast("Told", self.post(path, {"items": list(items)}, key=key).json())

    def deposit(self, seller: str) -> Told:
        return cast("Told", self.get(f"/sellers/{part(seller)}/deposit").json())

    def lodge(self, seller: str, amount: Money, *, key: str = "", frozen: bool = False) -> Told:
        path = f"/sellers/{part(seller)}/deposit/lodgements"
        return cast("Told", self.post(path, {"amount": amount, "frozen": frozen}, key=key).json())

    def statement(self, seller: str, **params: Any) -> Iterator[Told]:
        return self.pages(f"/sellers/{part(seller)}/statement", "postings", **params)

    def payouts(self, seller: str, *, claim: str | None = None,
                order: str | None = None) -> list[Payout]:  # fmt: skip
        path = f"/sellers/{part(seller)}/payouts"
        return cast("list[Payout]", list(self.pages(path, "payouts", claim=claim, order=order)))

    # -- claims ----------------------------------------------------------------------------------

    def file_claim(self, seller: str, *, key: str = "", **claim: Any) -> Claim:
        """With `claim`, `order`, `buyer` and `kind` at least."""
        return _claim(self.post(f"/sellers/{part(seller)}/claims", claim, key=key))

    def claim(self, seller: str, claim: str) -> Claim:
        return _claim(self.get(_at(seller, claim)))

    def claims(self, seller: str, **params: Any) -> Iterator[Told]:
        return self.pages(f"/sellers/{part(seller)}/claims", "claims", **params)

    def answer(self, seller: str, claim: str, answer: str, *, words: str = "",
               key: str = "") -> Claim:  # fmt: skip
        """The seller's: `accept` or `deny`."""
        body = {"answer": answer, "words": words}
        return _claim(self.post(f"{_at(seller, claim)}/answer", body, key=key))

    def offer(self, seller: str, claim: str, amount: Money, *, party: str | None = None,
              with_return: bool = False, key: str = "") -> Claim:  # fmt: skip
        body = {"amount": amount, "party": party, "with_return": with_return}
        return _claim(self.post(f"{_at(seller, claim)}/offers", body, key=key))

    def accept_offer(self, seller: str, claim: str, number: int, *, party: str | None = None,
                     key: str = "") -> Claim:  # fmt: skip
        path = f"{_at(seller, claim)}/offers/{number}/accept"
        return _claim(self.post(path, {"party": party}, key=key))

    def move(self, seller: str, claim: str, step: str, *, key: str = "", **more: Any) -> Claim:
        """`withdrawal`, `person`, `talks/end`, `suspension`, `resumption`."""
        return _claim(self.post(f"{_at(seller, claim)}/{step}", more, key=key))

    def show(self, seller: str, claim: str, files: Sequence[tuple[str, bytes]], *,
             kind: str = "photo", party: str | None = None, words: str = "",
             key: str = "") -> Claim:  # fmt: skip
        """Hand evidence in: files of one kind, by name."""
        form = {"kind": kind, "words": words} | ({"party": party} if party else {})
        handed = [("file", one) for one in files]
        return _claim(
            self.post(f"{_at(seller, claim)}/evidence", form=form, files=handed, key=key)
        )

    def appeal(self, seller: str, claim: str, words: str, *, party: str | None = None,
               files: Sequence[tuple[str, bytes]] = (), kind: str = "photo",
               key: str = "") -> Claim:  # fmt: skip
        form = {"kind": kind, "words": words} | ({"party": party} if party else {})
        handed = [("file", one) for one in files]
        return _claim(self.post(f"{_at(seller, claim)}/appeals", form=form, files=handed, key=key))

    def dossier(self, seller: str, claim: str, *, why: str = "") -> bytes:
        """Everything of a claim in one sealed archive; `xiaobao verify` checks it."""
        return self.get(f"{_at(seller, claim)}/dossier", why=why).content

    def export(self, seller: str, claim: str, shape: str, *, why: str = "") -> bytes:
        """A zip of the claim as `paypal`, `stripe` or `erc1497` write theirs, with its files."""
        path = f"{_at(seller, claim)}/exports/{shape}"
        return self.get(path, files=True, why=why).content

    def link(self, seller: str, order: str, *, hours: int = 168, key: str = "") -> Told:
        """Where an order's buyer gets in, once."""
        path = f"/sellers/{part(seller)}/orders/{part(order)}/links"
        return cast("Told", self.post(path, {"hours": hours}, key=key).json())

    # -- threads ---------------------------------------------------------------------------------

    def threads(self, seller: str) -> list[Told]:
        return list(self.pages(f"/sellers/{part(seller)}/threads", "threads"))

    def ask(self, seller: str, words: str, *, topic: str = "", key: str = "") -> Told:
        """The seller asks a specialist, who owes an answer by a clock."""
        body = {"topic": topic, "words": words}
        return cast("Told", self.post(f"/sellers/{part(seller)}/threads", body, key=key).json())

    def say(self, seller: str, number: int, words: str, *, speaker: str | None = None,
            by: str = "", key: str = "") -> Told:  # fmt: skip
        """More in a thread, as `seller` or `specialist`."""
        path = f"/sellers/{part(seller)}/threads/{number}"
        body = {"words": words, "as": speaker, "by": by}
        return cast("Told", self.post(path, body, key=key).json())

    # -- rulings ---------------------------------------------------------------------------------

    def queue(self) -> list[Told]:
        return list(self.pages("/queue", "queue"))

    def rule(self, claim: Claim, verdict: str, *, key: str = "", **more: Any) -> Ruling:
        """Rule a claim as it was read: where it changed since, `changed_meanwhile`."""
        path = f"{_at(claim['seller'], claim['claim'])}/rulings"
        body = {"verdict": verdict, **more}
        return cast("Ruling", self.post(path, body, etag=claim["etag"], key=key).json())

    def rulings(self, seller: str, claim: str) -> list[Ruling]:
        return cast("list[Ruling]", self.get(f"{_at(seller, claim)}/rulings").json()["rulings"])

    def replay(self, decision: str) -> Told:
        """A decision made again, beside what was stored."""
        return cast("Told", self.get(f"/decisions/{part(decision)}/replay").json())


def _at(seller: str, claim: str) -> str:
    return f"/sellers/{part(seller)}/claims/{part(claim)}"


def _claim(response: httpx.Response) -> Claim:
    return cast("Claim", {**response.json(), "etag": response.headers.get("ETag", "")})
