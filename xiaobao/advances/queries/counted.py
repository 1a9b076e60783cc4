"""What the guarantee fund bore and got back in one market over a span of time."""

from __future__ import annotations

from xiaobao.advances.facts import SplitTotals
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import moment_of


def split_between(market_id: int, since_us: int, until_us: int) -> SplitTotals:
    """As `split_totals`, of what was decided, recovered and reversed in `[since, until)`.

    A seller is in one market, so recoveries and reversals count where its compensations do.
    """
    here = (
        "AND EXISTS (SELECT 1 FROM advances_split s WHERE s.seller_id = r.seller_id "
        "AND s.market_id = %(market)s)"
    )
    rows = fetch_rows(
        "SELECT count(*), "
        "coalesce(sum(buyer_reserve + buyer_deposit + buyer_cover + buyer_fund + buyer_grant), 0)"
        "::bigint, coalesce(sum(platform_reserve + platform_deposit + platform_cover "
        "+ platform_fund), 0)::bigint, "
        "coalesce(sum(buyer_reserve + platform_reserve), 0)::bigint, "
        "coalesce(sum(buyer_deposit + platform_deposit), 0)::bigint, "
        "coalesce(sum(buyer_cover + platform_cover), 0)::bigint, "
        "coalesce(sum(buyer_fund + platform_fund), 0)::bigint, "
        "coalesce(sum(buyer_grant), 0)::bigint, "
        "(SELECT coalesce(sum(r.reserve + r.deposit), 0)::bigint FROM advances_recovery r "
        f"WHERE r.recovered_at >= %(since)s AND r.recovered_at < %(until)s {here}), "
        "(SELECT coalesce(sum(r.reserve + r.deposit + r.cover + r.cancelled + r.returned), 0)"
        "::bigint FROM advances_reversal r "
        f"WHERE r.reversed_at >= %(since)s AND r.reversed_at < %(until)s {here}) "
        "FROM advances_split WHERE market_id = %(market)s AND decided_at >= %(since)s "
        "AND decided_at < %(until)s",
        {"market": market_id, "since": moment_of(since_us), "until": moment_of(until_us)},
    )
    return SplitTotals(market_id, *rows[0])
