"""The only code that writes or locks this room's tables."""
