"""Master data management for customer masters: match, one id each, golden records, write-back."""

__version__ = "0.1.0"
