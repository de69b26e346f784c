"""Holds what ``lint`` remarks on: definitions that run and do not do what their author meant.

Each module looks for one family of silent failures and yields problems; ``lint`` asks them all.
"""
