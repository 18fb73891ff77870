"""Writes events behind events: contexts are read step by step, each event is drawn under limits."""
