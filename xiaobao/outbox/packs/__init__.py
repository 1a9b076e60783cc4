"""How long the outbox keeps what came of each attempt, as data with its source."""
