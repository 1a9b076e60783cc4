"""规则 · the console of policy: versions and drafts, what they say and change, consultation."""
