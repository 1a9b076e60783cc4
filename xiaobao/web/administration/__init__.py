"""管理 · the administrator's console: accounts, roles, invitations, and what was written down."""
