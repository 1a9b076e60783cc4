"""The label a buyer can check: whether money stands behind a shop, and how it kept its word."""
