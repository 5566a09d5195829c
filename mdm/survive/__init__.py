"""Golden records: which of the delivered values a customer is known by, and why."""

from mdm.survive.golden import Golden, choose_golden
from mdm.survive.overriding import override_values

__all__ = ["Golden", "choose_golden", "override_values"]
