"""The seller's pages, each one query or one act; what is sent twice is done once."""
