"""Opens the connector that the rules of a source or of a target name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

import urllib3

from mdm.connect.http_exchange import Exchange
from mdm.connect.http_reading import LARGEST, HttpReader
from mdm.connect.odata_source import ODataSource
from mdm.connect.protocols import Source
from mdm.connect.rest_dialects import DIALECTS
from mdm.connect.rest_source import RestSource
from mdm.connect.salesforce_service import SalesforceService
from mdm.connect.salesforce_source import SalesforceSource
from mdm.connect.salesforce_target import SalesforceTarget
from mdm.connect.sap_target import SapTarget
from mdm.connect.sql_source import SqlSource
from mdm.connect.sql_target import SqlTarget
from mdm.connect.target import Target
from mdm.connect.tryton_target import TrytonTarget
from mdm.connect.webhook_target import WebhookTarget
from mdm.errors import SettingsInvalid, SystemRefused
from mdm.rulebook.connector import REFERENCE
from mdm.rulebook.connector import SalesforceTarget as SalesforceTargetRules
from mdm.rulebook.connector import SapTarget as SapTargetRules
from mdm.rulebook.connector import SqlTarget as SqlTargetRules
from mdm.rulebook.connector import TrytonTarget as TrytonTargetRules
from mdm.rulebook.connector import WebhookTarget as WebhookTargetRules
from mdm.rulebook.http_connector import HttpConnector, ODataConnector, SalesforceConnector, safe_address
from mdm.rulebook.rest_connector import RestConnector
from mdm.rulebook.source import SourceRules
from mdm.rulebook.stages import TargetRules
from mdm.settings import Secret, read_secret


def open_source(rules: SourceRules, env: Mapping[str, str]) -> Source:
    """The source that these rules connect; secrets are read now, from where the rules point.

    Raises SettingsInvalid where a reference leads nowhere, SystemRefused and SystemSilent as the system answers.
    """
    key = rules.key.split("+")
    if isinstance(rules.connector, ODataConnector):
        return ODataSource(rules.connector, open_client(rules.connector, env), key)
    if isinstance(rules.connector, SalesforceConnector):
        client = log_in(rules.connector, open_client(rules.connector, env), env)
        return SalesforceSource(rules.connector, SalesforceService(client, rules.connector.api), key)
    if isinstance(rules.connector, RestConnector):
        return RestSource(rules.connector, _open_rest(rules.connector, env), key)
    if rules.connector is not None:
        return SqlSource(rules.connector, _secret(rules.connector.url, env), key)
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


def log_in(rules: SalesforceConnector, client: HttpReader, env: Mapping[str, str]) -> HttpReader:
    """The client with a token of the connected app, where it logs in by one."""
    if rules.client_secret is None:
        return client
    asked = {
        "grant_type": "client_credentials",
        "client_id": rules.client_id,
        "client_secret": read_secret(rules.client_secret, env).reveal(),
    }
    body = urlencode(asked).encode()
    said = client.post("services/oauth2/token", body, "application/x-www-form-urlencoded")
    if not isinstance(said, dict) or not said.get("access_token"):
        raise SystemRefused(f"{client.url} gives no token.", "Check the connected app.")
    return replace(client, headers={"Authorization": f"Bearer {said['access_token']}"})


def open_client(rules: HttpConnector, env: Mapping[str, str]) -> HttpReader:
    """What asks the system, with its login; nothing is sent yet."""
    headers: dict[str, str] = {}
    if rules.token is not None:
        headers = {"Authorization": f"Bearer {read_secret(rules.token, env).reveal()}"}
    elif rules.password is not None:
        login = f"{rules.user}:{read_secret(rules.password, env).reveal()}"
        headers = urllib3.make_headers(basic_auth=login)
    return HttpReader(_address(rules.url, env), headers, Exchange(rules.timeout, ca=rules.ca, largest=LARGEST))


def _open_rest(rules: RestConnector, env: Mapping[str, str]) -> HttpReader:
    token = read_secret(rules.token, env).reveal() if rules.token else ""
    return replace(open_client(rules, env), headers=DIALECTS[rules.dialect].login(token))


def _address(url: str, env: Mapping[str, str]) -> str:
    try:
        return safe_address(_secret(url, env).reveal())
    except ValueError:
        what = f"{url} leads to no https:// address; http:// is for this computer only."
        raise SettingsInvalid(what, "Write https://HOST/PATH, without user and password.") from None


def _secret(url: str, env: Mapping[str, str]) -> Secret:
    return read_secret(url, env) if url.startswith(REFERENCE) else Secret(url)
