"""Which records are one customer, and which master id it has."""

from mdm.resolve.average_link import average_link
from mdm.resolve.clustering import cluster
from mdm.resolve.contest import IdPolicy
from mdm.resolve.kruskal import constrained_kruskal
from mdm.resolve.limits import CUT, OVERSIZE, Clustering, ClusterLimits
from mdm.resolve.master_ids import Assignment, Churn, assign_master_ids
from mdm.resolve.new_ids import format_master_ids
from mdm.resolve.parts import Edge, Forbidden
from mdm.resolve.same import smallest_of_each

__all__ = [
    "CUT",
    "OVERSIZE",
    "Assignment",
    "Churn",
    "ClusterLimits",
    "Clustering",
    "Edge",
    "Forbidden",
    "IdPolicy",
    "assign_master_ids",
    "average_link",
    "cluster",
    "constrained_kruskal",
    "format_master_ids",
    "smallest_of_each",
]
