"""A marketplace made from a seed: shops, items, buyers, orders, facts; writes nothing.

`plans.Plan` says how large and from which seed; `marketplace.generate` makes it.
"""
