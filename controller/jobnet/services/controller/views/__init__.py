"""Shows what runs at once, and why something does not: to people, in words and numbers."""
