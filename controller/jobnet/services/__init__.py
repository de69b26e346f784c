"""Carries out use cases: what the engine decides meets the world through ports here."""
