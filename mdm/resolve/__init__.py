"""Which records are one customer, and which master id it has."""

from mdm.resolve.average_link import average_link
from mdm.resolve.clustering import cluster
from mdm.resolve.kruskal import constrained_kruskal
from mdm.resolve.limits import CUT, OVERSIZE, Clustering, ClusterLimits
from mdm.resolve.parts import Edge, Forbidden

__all__ = [
    "CUT",
    "OVERSIZE",
    "ClusterLimits",
    "Clustering",
    "Edge",
    "Forbidden",
    "average_link",
    "cluster",
    "constrained_kruskal",
]
