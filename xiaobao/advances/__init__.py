"""The fund pays first and recovers later: the waterfall, payouts, debt."""
