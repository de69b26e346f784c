"""Holds the shapes of documents and parts as Pydantic models; JSON Schemas come from them."""
