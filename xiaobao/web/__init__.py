"""A door: pages for people, one folder for each console; each shows one query or does one act."""
