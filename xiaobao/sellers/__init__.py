"""Who joined: agreement, promises chosen, covered items, shop profile, standing."""
