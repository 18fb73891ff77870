"""Recalls what followed earlier where a piece sounded as it sounds now."""
