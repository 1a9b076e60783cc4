"""Claims: filed, answered, settled, shown evidence for, appealed; and whose turn it is."""
