"""A door: what other systems call over HTTP; each call does one act or asks one query."""
