"""What a buyer can check: a shop's label and how it kept its word; the platform's own report."""
