"""Starts networks when something happens: ends of networks, events, files, signed requests.

What comes is kept before anything acts on it, and used up in the transaction that makes a run:
nothing starts twice, and nothing that came is lost.
"""
