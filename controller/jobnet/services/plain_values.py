"""Offers how values of a run are written as JSON to the services; it lives with the ports."""

from jobnet.ports.plain_values import JsonValue, from_json, to_json

__all__ = ["JsonValue", "from_json", "to_json"]
