"""Runs unit jobs with ansible-runner: prepares, supervises and collects each attempt."""
