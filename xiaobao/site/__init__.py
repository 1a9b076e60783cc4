"""The whole: which rooms there are, and the settings they share."""
