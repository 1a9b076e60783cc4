"""Outside shapes and our facts: payment gateways, order feeds and files; no rule of ours lives here."""
