"""Publishing: plans what each system should be told, and writes files that people and systems can safely open."""

from mdm.publish.plan import CURRENT, plan_publish
from mdm.publish.render import render
from mdm.publish.tables import TableFormat, write_table

__all__ = ["CURRENT", "TableFormat", "plan_publish", "render", "write_table"]
