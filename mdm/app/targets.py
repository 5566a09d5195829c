"""What each system is told when no rule says more: the master id, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mdm.records import SystemName
from mdm.rulebook import PublishRules, SourceRules, TargetRules

CROSSWALK_FIELD: Final = "MDM_ID"


def complete_targets(publish: PublishRules, sources: Iterable[SourceRules]) -> PublishRules:
    """The publish rules with a target for every source that has none, sorted by system.

    Such a target has the source's crosswalk field, or MDM_ID. A source that is many systems in one file is left out:
    its systems are known only once it is read.
    """
    listed = {str(target.system) for target in publish.targets}
    fields = {
        str(source.system): source.crosswalk_field or CROSSWALK_FIELD
        for source in sources
        if source.source_column is None or source.source_value is not None
    }
    added = [
        TargetRules(system=SystemName(system), crosswalk_field=field)
        for system, field in fields.items()
        if system not in listed
    ]
    ordered = sorted([*publish.targets, *added], key=lambda target: str(target.system))
    return publish.model_copy(update={"targets": tuple(ordered)})
