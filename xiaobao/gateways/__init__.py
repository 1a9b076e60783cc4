"""Outside shapes and our facts: payment gateways, order feeds, files; no rule of ours is here."""
