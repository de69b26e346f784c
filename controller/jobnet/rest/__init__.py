"""Serves the controller over HTTP: routes translate, call one service, and translate back."""
