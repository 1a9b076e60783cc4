"""Where a comparison is reckoned: here on all cores, or on Spark; the same figures on both."""
