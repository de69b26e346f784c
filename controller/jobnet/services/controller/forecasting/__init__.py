"""Gathers what a forecast depends on: of a controller, or of files without one."""
