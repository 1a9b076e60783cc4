"""What every room speaks in: columns, money, moments, references, problems; pure, knows nobody."""
