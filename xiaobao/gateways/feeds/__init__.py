"""Order feeds: files from outside become facts; what cannot be read is named by line and field."""
