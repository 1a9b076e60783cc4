"""Double-entry books, one per seller: accounts, postings, holds, balances; nothing is ever changed."""
