"""财务 · the console of finance: trial balance, payouts, debts."""
