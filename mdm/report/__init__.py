"""A run as one page that needs nothing else to be read."""
