"""Runs Ansible modules of local tasks without starting a cold Python for each of them."""
