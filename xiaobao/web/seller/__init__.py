"""卖家中心 · the seller's console: deposit, items, claims, promises."""
