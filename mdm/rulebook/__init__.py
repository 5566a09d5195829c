"""The rules of a project: typed models of its YAML files, loading and writing them."""

from mdm.rulebook.base import Rules
from mdm.rulebook.connector import FilesTarget, SqlTarget
from mdm.rulebook.dump import dump_mapping, dump_source
from mdm.rulebook.load import load_mapping, load_rulebook, load_shipped, load_stewardship, rules_hash, shipped_rules
from mdm.rulebook.source import ChildTable, Encoding, FileFormatRules, Mapping, Merging, RoleRule, SourceRules
from mdm.rulebook.stages import (
    AttributeRule,
    MatchRules,
    ProjectRules,
    PublishRules,
    Rulebook,
    StandardiseRules,
    SurvivorshipRule,
    SurvivorshipRules,
    TargetRules,
)
from mdm.rulebook.stewardship import FourEyesRule, StewardshipRules
from mdm.rulebook.yaml_tree import load_words

__all__ = [
    "AttributeRule",
    "ChildTable",
    "Encoding",
    "FileFormatRules",
    "FilesTarget",
    "FourEyesRule",
    "Mapping",
    "MatchRules",
    "Merging",
    "ProjectRules",
    "PublishRules",
    "RoleRule",
    "Rulebook",
    "Rules",
    "SourceRules",
    "SqlTarget",
    "StandardiseRules",
    "StewardshipRules",
    "SurvivorshipRule",
    "SurvivorshipRules",
    "TargetRules",
    "dump_mapping",
    "dump_source",
    "load_mapping",
    "load_rulebook",
    "load_shipped",
    "load_stewardship",
    "load_words",
    "rules_hash",
    "shipped_rules",
]
