"""A door: operator commands; each makes one act or query and prints words or JSON."""
