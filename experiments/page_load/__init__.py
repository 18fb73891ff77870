"""How the page holds under many visitors."""
