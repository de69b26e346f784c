"""Holds the steps of all tables but those of output, one after the other."""
