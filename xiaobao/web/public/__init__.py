"""公示 · what anybody may see: a shop's promises and standing, and the policy texts."""
