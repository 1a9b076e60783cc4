"""What really happened, beside its replay under the packs that were in force: no fen apart."""
