"""Continues events with neural networks: defines them, trains them and writes with them."""
