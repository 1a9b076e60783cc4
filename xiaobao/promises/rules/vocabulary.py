"""Words that tables about claims may use, with the numbers that higher rooms know them by.

The rooms that give them meaning stand above this one: their tests hold both lists together.
"""

from __future__ import annotations

from xiaobao.promises.facts import Promise

CLAIM_KINDS = (
    "not_received", "not_as_described", "defective", "counterfeit", "wrong_item", "missing_item",
    "damaged", "allergy", "late_shipment", "false_shipment", "refund_not_paid",
    "promise_not_kept", "fraud", "unsafe_food", "return_refused",
)  # fmt: skip
STAGES = ("before_signing", "after_signing", "after_completion")
GROUNDS = ("law", "rule", "promise", "promise_higher", "promise_highest")

_EVIDENCE = {
    "photo": 1, "unboxing_video": 2, "packing_video": 3, "chat_record": 4, "waybill": 5,
    "carrier_record": 6, "signature_proof": 7, "purchase_chain": 8, "authorisation": 9,
    "invoice": 10, "customs_document": 11, "certificate": 12, "inspection_report": 13,
    "appraisal": 14, "medical_record": 15, "payment_proof": 16, "refund_proof": 17,
    "return_proof": 18, "statement": 19, "authority_document": 20,
}  # fmt: skip
_ASKS = {
    "refund": 1, "return_and_refund": 2, "replacement": 3, "repair": 4, "compensation": 5,
    "statutory": 6,
}  # fmt: skip
_OUTCOMES = {"upheld": 1, "rejected": 2, "person": 3}
_PARTIES = {"nobody": 0, "buyer": 1, "seller": 2}
_PROMISES = {"none": 0} | {promise.name.lower(): int(promise) for promise in Promise}

# Columns that hold one of these words.
CODES: dict[str, dict[str, int]] = {
    "counts_from": {"nothing": 0, "order": 1, "signing": 2, "completion": 3},
    "needs_promise": _PROMISES,
    "first": _PARTIES, "then": _PARTIES, "last": _PARTIES,
    "first_silent": _OUTCOMES, "then_silent": _OUTCOMES, "last_silent": _OUTCOMES,
    "first_other": _OUTCOMES, "then_other": _OUTCOMES, "last_other": _OUTCOMES,
    "bare_denial": _OUTCOMES, "all_shown": _OUTCOMES,
}  # fmt: skip
# Columns that hold any number of these words, `|` between them; `none` for no word.
SETS: dict[str, dict[str, int]] = {
    "lifted_by": _EVIDENCE, "first_shows": _EVIDENCE, "then_shows": _EVIDENCE,
    "last_shows": _EVIDENCE,
    "may_ask": _ASKS, "asks_until_shipped": _ASKS, "price_asks": _ASKS, "award_asks": _ASKS,
}  # fmt: skip
NO_WORD = "none"


def set_of(words: dict[str, int], text: str) -> int | None:
    """A bit for each word of the text; None where one is not known."""
    named = [word.strip() for word in text.split("|")]
    if named == [NO_WORD]:
        return 0
    if not set(named) <= words.keys():
        return None
    return sum(1 << words[word] for word in set(named))


def set_shown(words: dict[str, int], bits: int) -> str:
    """A set as a file writes it."""
    return "|".join(word for word, bit in words.items() if bits >> bit & 1) or NO_WORD
