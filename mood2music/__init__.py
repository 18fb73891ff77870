"""Turn a face into music: photo -> mood -> song -> a new piece in the style you like."""

__version__ = "0.1.0"
