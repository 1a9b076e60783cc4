"""Which duties two persons carry out together, as data with its source."""
