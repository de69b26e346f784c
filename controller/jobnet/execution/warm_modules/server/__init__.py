"""The module server: stdlib only, because it runs in whatever Python a task asks for."""
