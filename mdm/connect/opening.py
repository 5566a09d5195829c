"""Opens the connector that the rules of a source or of a target name."""

from __future__ import annotations

from collections.abc import Mapping

from mdm.connect.protocols import Source
from mdm.connect.salesforce_target import SalesforceTarget
from mdm.connect.sap_target import SapTarget
from mdm.connect.sql_source import SqlSource
from mdm.connect.sql_target import SqlTarget
from mdm.connect.target import Target
from mdm.connect.tryton_target import TrytonTarget
from mdm.connect.webhook_target import WebhookTarget
from mdm.errors import SettingsInvalid
from mdm.rulebook.connector import REFERENCE
from mdm.rulebook.connector import SalesforceTarget as SalesforceTargetRules
from mdm.rulebook.connector import SapTarget as SapTargetRules
from mdm.rulebook.connector import SqlTarget as SqlTargetRules
from mdm.rulebook.connector import TrytonTarget as TrytonTargetRules
from mdm.rulebook.connector import WebhookTarget as WebhookTargetRules
from mdm.rulebook.source import SourceRules
from mdm.rulebook.stages import TargetRules
from mdm.settings import Secret, read_secret


def open_source(rules: SourceRules, env: Mapping[str, str]) -> Source:
    """The source that these rules connect; secrets are read now, from where the rules point.

    Raises SettingsInvalid where a reference leads nowhere, SystemRefused and SystemSilent as the system answers.
    """
    if rules.connector is not None:
        return SqlSource(rules.connector, _secret(rules.connector.url, env), rules.key.split("+"))
    raise SettingsInvalid(f"Source {rules.system} has no connector.", "Name one in its rules.")


def open_target(rules: TargetRules, source_key: str, env: Mapping[str, str]) -> Target:
    """The target that these rules connect: it can write the fields they list, and no others.

    `source_key` are the key columns of its source. Raises as `open_source` does.
    """
    fields = [rules.crosswalk_field, *rules.allow.values()]
    if isinstance(rules.connector, TrytonTargetRules):
        return TrytonTarget(rules.connector, read_secret(rules.connector.password, env), rules.crosswalk_field)
    if isinstance(rules.connector, SapTargetRules):
        password = read_secret(rules.connector.password, env)
        return SapTarget(rules.connector, password, rules.crosswalk_field, list(rules.allow.values()))
    if isinstance(rules.connector, SalesforceTargetRules):
        secret = read_secret(rules.connector.secret, env)
        return SalesforceTarget(rules.connector, secret, fields)
    if isinstance(rules.connector, WebhookTargetRules):
        return WebhookTarget(rules.connector, read_secret(rules.connector.secret, env), str(rules.system), fields)
    if not isinstance(rules.connector, SqlTargetRules):
        raise SettingsInvalid(f"Target {rules.system} has no connector.", "Name one in rules/publish.yaml.")
    key = (rules.connector.key or source_key).split("+")
    return SqlTarget(rules.connector, _secret(rules.connector.url, env), key, fields)


def _secret(url: str, env: Mapping[str, str]) -> Secret:
    return read_secret(url, env) if url.startswith(REFERENCE) else Secret(url)
