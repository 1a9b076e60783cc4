"""A buyer asks: intake, burden of proof, entitlement, proposed ruling."""
