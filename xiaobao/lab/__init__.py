"""History as columns: generated marketplaces and, later, drafts replayed; reads rooms, writes nothing."""
