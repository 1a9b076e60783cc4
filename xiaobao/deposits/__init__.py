"""What a seller puts up: quote, lodge, top up, the ladder of a shortfall."""
