"""Takes a command line: composed, checked, explained by --help, every failure one line."""
