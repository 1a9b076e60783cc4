"""监管 · the console of supervision: breach rates, the platform's own clocks, penalties."""
