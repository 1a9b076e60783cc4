"""The front door: who comes in where, the language, and in the demo anybody's shoes."""
