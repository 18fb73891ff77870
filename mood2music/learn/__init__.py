"""Trains any network: fitted, logged, its best weights kept in a file."""
