"""The numbers of the quarterly report, with their sources."""
