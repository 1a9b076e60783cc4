"""What the outside must be told, exactly once."""
