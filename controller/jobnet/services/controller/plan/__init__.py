"""Keeps the plan: works it out, starts what is due, and lets people change a day of it."""
