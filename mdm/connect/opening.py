"""Opens the connector that the rules of a source name."""

from __future__ import annotations

from collections.abc import Mapping

from mdm.connect.protocols import Source
from mdm.connect.sql_source import SqlSource
from mdm.errors import SettingsInvalid
from mdm.rulebook.connector import REFERENCE
from mdm.rulebook.source import SourceRules
from mdm.settings import Secret, read_secret


def open_source(rules: SourceRules, env: Mapping[str, str]) -> Source:
    """The source that these rules connect; secrets are read now, from where the rules point.

    Raises SettingsInvalid where a reference leads nowhere, SystemRefused and SystemSilent as the system answers.
    """
    if rules.connector is not None:
        url = rules.connector.url
        secret = read_secret(url, env) if url.startswith(REFERENCE) else Secret(url)
        return SqlSource(rules.connector, secret, rules.key.split("+"))
    raise SettingsInvalid(f"Source {rules.system} has no connector.", "Name one in its rules.")
