"""Small faults put into the code, and how many of them the tests notice."""
