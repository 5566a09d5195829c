"""One script for each schema version, in order."""
