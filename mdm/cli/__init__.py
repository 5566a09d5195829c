"""The command line."""

from mdm.cli.main import main

__all__ = ["main"]
