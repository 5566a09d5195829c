"""The vocabulary of the whole tool: ids, roles of columns, and the tables that pass between stages."""

from mdm.records.amounts import amounts, worth
from mdm.records.ids import MasterId, RecordKey, SystemName, format_master_id, parse_master_id
from mdm.records.receipt import Receipt
from mdm.records.roles import GOLDEN_ATTRIBUTES, MULTI_ROLES, ROLES, SINGLE_ROLES, Role
from mdm.records.tables import (
    CANDIDATES,
    CLUSTERS,
    CROSSWALK,
    GOLDEN,
    LANDED,
    LINEAGE,
    LINKS,
    MAPPED,
    MASTERS,
    PROVENANCE,
    PUBLISH_CHANGES,
    QUARANTINE,
    STANDARD,
    STEWARD_PAIRS,
    TableSchema,
    conform,
    empty,
)

__all__ = [
    "CANDIDATES",
    "CLUSTERS",
    "CROSSWALK",
    "GOLDEN",
    "GOLDEN_ATTRIBUTES",
    "LANDED",
    "LINEAGE",
    "LINKS",
    "MAPPED",
    "MASTERS",
    "MULTI_ROLES",
    "PROVENANCE",
    "PUBLISH_CHANGES",
    "QUARANTINE",
    "ROLES",
    "SINGLE_ROLES",
    "STANDARD",
    "STEWARD_PAIRS",
    "MasterId",
    "Receipt",
    "RecordKey",
    "Role",
    "SystemName",
    "TableSchema",
    "amounts",
    "conform",
    "empty",
    "format_master_id",
    "parse_master_id",
    "worth",
]
