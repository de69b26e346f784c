"""Jobnet: a job-network controller for Ansible."""
