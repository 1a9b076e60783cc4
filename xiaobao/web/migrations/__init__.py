"""Tables of this door, in the order they came."""
