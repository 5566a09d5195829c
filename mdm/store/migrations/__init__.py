"""Migrations of the store, run by `mdm.store.schema`."""
