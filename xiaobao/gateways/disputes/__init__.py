"""Claims in the shapes of other systems: PayPal's and Stripe's disputes, ERC-1497 evidence."""
