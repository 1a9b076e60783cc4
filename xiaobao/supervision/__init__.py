"""Shops that break their word unseen, by rates, charts and samples; the platform's own clocks."""
