"""Double-entry books, one per seller: postings, holds, balances; nothing is ever changed."""
