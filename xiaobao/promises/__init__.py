"""The catalogue: clauses in words, terms in numbers, in force from when till when."""
