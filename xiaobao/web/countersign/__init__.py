"""联签 · what one of the staff signed for and another has to sign for too."""
