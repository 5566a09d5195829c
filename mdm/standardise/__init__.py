"""From a source's columns to match keys: roles of columns, and values made comparable."""
