"""What a generated marketplace rarely comes to by itself, brought about once by the same acts."""
