"""A seller leaves: what blocks it and until when, review, refund of the deposit, forced exit."""
