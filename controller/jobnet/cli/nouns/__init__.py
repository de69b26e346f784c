"""Declares the commands that ask a controller, a noun per module.

Only what typing needs is imported here; what a command does is imported when it is called.
"""
