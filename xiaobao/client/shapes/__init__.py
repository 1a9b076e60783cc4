"""What calls send and are told, as dictionaries with types."""
