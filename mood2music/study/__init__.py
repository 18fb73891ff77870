"""Reads a folder of runs back: what differs, mean and spread over seeds, best first; drawn."""
