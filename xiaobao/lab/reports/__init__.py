"""What a comparison says: one answer in whole numbers, and one page of it for a browser."""
