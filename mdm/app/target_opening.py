"""Opens what a target's rules connect: a system of its own, or numbered files for an integration platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mdm.app.project import Project
from mdm.connect import Feed, FilesTarget, Target, open_target
from mdm.errors import SettingsInvalid
from mdm.publish import dangerous_rows
from mdm.rulebook import FilesTarget as FilesTargetRules
from mdm.rulebook import SqlTarget, TargetRules


def open_connected(project: Project, rules: TargetRules, env: Mapping[str, str]) -> Target:
    """The target of these rules, whatever it is; a relative folder lies in the project."""
    if isinstance(rules.connector, FilesTargetRules):
        form: Literal["csv", "jsonl"] = "jsonl" if rules.format == "jsonl" else "csv"
        feed = Feed(str(rules.system), form, [rules.crosswalk_field, *rules.allow.values()], dangerous_rows)
        return FilesTarget(project.folder / rules.connector.folder, feed)
    key = next((source.key for source in project.rulebook.sources if source.system == rules.system), "")
    if isinstance(rules.connector, SqlTarget) and not rules.connector.key and not key:
        raise SettingsInvalid(f"Target {rules.system} has no key.", "Name its columns as `key` of the connector.")
    return open_target(rules, key, env)
