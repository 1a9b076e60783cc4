"""What happened: orders and their facts; breaches found on the facts themselves."""
