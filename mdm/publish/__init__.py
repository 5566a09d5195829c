"""Publishing: plans what each system should be told, and writes files that people and systems can safely open."""

from mdm.publish.atomic import replacing
from mdm.publish.backoff import is_last, next_try
from mdm.publish.guard import dangerous_rows
from mdm.publish.parts import PartsFormat, write_parts
from mdm.publish.plan import CURRENT, plan_publish
from mdm.publish.render import render
from mdm.publish.tables import TableFormat, write_table

__all__ = [
    "CURRENT",
    "PartsFormat",
    "TableFormat",
    "dangerous_rows",
    "is_last",
    "next_try",
    "plan_publish",
    "render",
    "replacing",
    "write_parts",
    "write_table",
]
