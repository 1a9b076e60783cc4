"""History as columns, and marketplaces generated from a seed; reads rooms, writes nothing."""
