"""States the shapes of the REST API: what a request may hold, and what an answer holds.

Requests refuse fields that they do not know; answers only ever gain fields. Instants are ISO 8601
in UTC, names as in the glossary.
"""
