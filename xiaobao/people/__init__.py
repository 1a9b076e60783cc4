"""Who may do what: roles in shops and on the staff, invitations, and who looked at whose data."""
