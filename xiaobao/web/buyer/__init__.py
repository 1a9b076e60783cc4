"""买家 · the buyer's console: an order's promises, a claim in three steps, its course."""
