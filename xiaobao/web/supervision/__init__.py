"""监管 · the console of supervision: rates, signals, inspections, the platform's clocks."""
