"""Keeps maintenance windows: when they are open, what they cover, who waits for their end."""
