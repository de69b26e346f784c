"""Runs many networks at once from a database: durable trackers, queues, waits between runs.

A turn of the pump (``turns``) is the only one that writes a journal. Everybody else puts inputs
into inboxes and rings (``bells``); what runs have open outside themselves are errands that survive
any crash.
"""
