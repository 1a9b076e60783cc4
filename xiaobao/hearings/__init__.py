"""A person decides: queue, rulings with reasons, appeals, jury; every decision replayable."""
