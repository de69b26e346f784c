"""Starts unit jobs in forks of a process that has Ansible loaded already.

A *warm server* is one such process for one environment (``fingerprint``); the *pool* keeps
the few that are in use. Where anything is not as it should be, the job starts cold, the
way it always can: ``docs/explanation/warm-ansible.md`` tells what that changes and what not.
"""
