"""推送 · the delivery log of webhooks, for the staff: who is told of what, and what came of it."""
