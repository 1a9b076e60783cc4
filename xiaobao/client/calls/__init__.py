"""Every call of the API as a method, by what it is about."""
