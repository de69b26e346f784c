"""Decides what a run does next: pure, deterministic, without clock, I/O or chance."""
