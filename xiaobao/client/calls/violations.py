"""Calls about violations, trust: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.client.shapes.violations import (
        QuarterlyReportTold,
        QuartersTold,
        RegisterTold,
        StandingTold,
        TrustTold,
        ViolationTold,
        ViolationWhole,
    )


class Violations(Calling):
    """About violations, trust."""

    def seller_violations(
        self, seller: str, *,
        state: Literal["recorded", "notified", "appealed", "confirmed", "revoked"] | None = None,
        limit: int | None = None,
    ) -> Iterator[ViolationTold]:
        """Violations of a seller, the newest first.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/violations"
        return self.pages(path, "violations", state=state, limit=limit)

    def record_violation(
        self, seller: str, violation: str,
        kind: Literal["late_shipment", "out_of_stock", "tracking", "fake_shipment",
        "refund_withheld", "promise_broken", "return_refused", "misdescribed", "fake_trade",
        "fake_trade_serious", "fake_trade_extreme", "fraud", "unsafe_food", "banned_goods",
        "counterfeit", "counterfeit_serious", "counterfeit_extreme"], *,
        source: Literal["inspection", "staff"] | None = None, happened_at: str | None = None,
        incident: str | None = None, units: int | None = None, is_corrected: bool | None = None,
        words: str | None = None, by: str | None = None, key: str = "",
    ) -> ViolationWhole:
        """Record a violation.

        :raises ApiProblem: clause_unknown, not_found, violation_unknown, postings_refused,
        standing_forbids, violation_name_taken, name_missing, violation_in_future,
        violation_not_nameable, violation_not_ruled, violation_units_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/violations"
        body = given({
            "violation": violation, "kind": kind, "source": source, "happened_at": happened_at,
            "incident": incident, "units": units, "is_corrected": is_corrected, "words": words,
            "by": by,
        })
        return cast("ViolationWhole", self.post(path, body, key=key).json())

    def violations(
        self, *,
        state: Literal["recorded", "notified", "appealed", "confirmed", "revoked"] | None = None,
        limit: int | None = None,
    ) -> Iterator[ViolationTold]:
        """Violations of every seller, the newest first.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/violations"
        return self.pages(path, "violations", state=state, limit=limit)

    def points(self, seller: str) -> StandingTold:
        """Points and penalties of a seller.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/points"
        return cast("StandingTold", self.get(path).json())

    def violation(self, seller: str, violation: str) -> ViolationWhole:
        """One violation whole.

        :raises ApiProblem: clause_unknown, not_found, violation_unknown, or one of any call
        """
        path = f"/sellers/{part(seller)}/violations/{part(violation)}"
        return cast("ViolationWhole", self.get(path).json())

    def appeal_violation(
        self, seller: str, violation: str, words: str, *, key: str = "",
    ) -> ViolationWhole:
        """The seller appeals.

        :raises ApiProblem: clause_unknown, not_found, violation_unknown, postings_refused,
        standing_forbids, violation_move_impossible, violation_not_nameable, violation_not_ruled,
        or one of any call
        """
        path = f"/sellers/{part(seller)}/violations/{part(violation)}/appeal"
        body = given({"words": words})
        return cast("ViolationWhole", self.post(path, body, key=key).json())

    def decide_violation(
        self, seller: str, violation: str, decision: Literal["uphold", "revoke"], words: str, *,
        by: str | None = None, key: str = "",
    ) -> ViolationWhole:
        """Uphold or revoke a violation.

        :raises ApiProblem: person_needed, violation_same_person, clause_unknown, not_found,
        violation_unknown, postings_refused, standing_forbids, violation_move_impossible,
        name_missing, violation_not_nameable, violation_not_ruled, or one of any call
        """
        path = f"/sellers/{part(seller)}/violations/{part(violation)}/decision"
        body = given({"decision": decision, "words": words, "by": by})
        return cast("ViolationWhole", self.post(path, body, key=key).json())

    def trust(self, seller: str) -> TrustTold:
        """A shop, as a buyer may check it.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/trust/{part(seller)}"
        return cast("TrustTold", self.get(path).json())

    def register(self, *, market: str | None = None, limit: int | None = None) -> RegisterTold:
        """The register of penalties.

        :raises ApiProblem: market_unknown, or one of any call
        """
        path = "/register"
        return cast("RegisterTold", self.get(path, market=market, limit=limit).json())

    def quarterly_reports(self, *, market: str | None = None) -> QuartersTold:
        """Quarters that were reported.

        :raises ApiProblem: market_unknown, or one of any call
        """
        path = "/quarterly-reports"
        return cast("QuartersTold", self.get(path, market=market).json())

    def quarterly_report(self, quarter: str, *, market: str | None = None) -> QuarterlyReportTold:
        """The platform's report of a quarter.

        :raises ApiProblem: market_unknown, quarter_unknown, report_unknown, or one of any call
        """
        path = f"/quarterly-reports/{part(quarter)}"
        return cast("QuarterlyReportTold", self.get(path, market=market).json())
