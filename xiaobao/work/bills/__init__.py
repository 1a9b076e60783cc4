"""The gateway's bills and our books: taken in once, matched, differences named, days closed."""
