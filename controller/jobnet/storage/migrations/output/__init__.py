"""Holds the steps of the tables of output, one after the other."""
