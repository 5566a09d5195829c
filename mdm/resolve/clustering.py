"""Links and decisions become clusters: what belongs together, held apart wherever something stands between."""

from __future__ import annotations

import numpy as np
import polars as pl

from mdm.errors import SchemaMismatch
from mdm.records import CLUSTERS, conform
from mdm.resolve.bridges import find_oversize
from mdm.resolve.contested import Graph, contested_components, find_contested, is_capped, split_component
from mdm.resolve.cuts import find_cuts
from mdm.resolve.limits import BoolArray, Clustering, ClusterLimits, IntArray
from mdm.resolve.pairs import FAULT, Pairs, each_once, read_decisions, read_links
from mdm.resolve.same import distinct, refuse_contradictions, smallest_of_each


def cluster(
    records: int, links: pl.DataFrame, *, must: pl.DataFrame, cannot: pl.DataFrame, limits: ClusterLimits
) -> Clustering:
    """Put the records 0 to records - 1 into clusters.

    `links` (left, right, weight, and maybe band): rows of band auto join, without a column `band` all rows do; other
    bands are evidence for `limits.refine='average'` and do nothing else. `must` and `cannot` (left, right,
    decision_id) are same and do-not-match decisions; a row of `cannot` without decision_id is a guard of the rules,
    which a same decision overrules. A rid from `records` upward in a decision is a record that no longer lives.

    Records of a same decision are one node. A component of nodes without anything forbidden inside is one cluster.
    The others are joined anew by constrained average link, above `limits.average_nodes` or `average_edges` by
    constrained Kruskal, so that nothing forbidden comes together and no link is cut without need. The result depends
    on the set of rows only. Raises DecisionRefused if a do-not-match decision contradicts same decisions.
    """
    pairs = read_links(links, records)
    same, apart = read_decisions(must, "must"), read_decisions(cannot, "cannot")
    size = 1 + max(records - 1, _largest(same), _largest(apart))
    node = smallest_of_each(size, same["left"].to_numpy(), same["right"].to_numpy())
    refuse_contradictions(node, same, apart)
    graph = _contract(node, records, pairs, apart, limits)
    of_node, capped = _cluster_nodes(graph, limits)
    # A node is named by its smallest record and a cluster by its smallest node, so a cluster is named by its smallest
    # record, as CLUSTERS demands.
    of_record = of_node[node]
    clusters = pl.DataFrame({"rid": np.arange(records, dtype=np.int32), "cluster": of_record[:records]})
    return Clustering(
        clusters=conform(clusters, CLUSTERS, "clusters"),
        cut=find_cuts(pairs.where(pairs.kept), of_record, apart, limits, capped),
        oversize=find_oversize(graph.pairs, of_node, node[:records], limits),
    )


def _largest(decisions: pl.DataFrame) -> int:
    return int(decisions["right"].to_numpy().max(initial=-1))


def _contract(node: IntArray, records: int, pairs: Pairs, cannot: pl.DataFrame, limits: ClusterLimits) -> Graph:
    if limits.refine == "components":
        pairs = pairs.where(pairs.kept)
    if (node[:records] != np.arange(records)).any():
        pairs = pairs.renamed(node)
    kept = pairs.where(pairs.kept)
    component = smallest_of_each(len(node), kept.left, kept.right)
    left, right = node[cannot["left"].to_numpy()], node[cannot["right"].to_numpy()]
    inside = component[left] == component[right]
    left, right = left[inside], right[inside]
    apart = each_once(left, right, np.zeros(len(left), dtype=np.int64), np.zeros(len(left), dtype=np.bool_))
    systems = _doubled_systems(node[:records], component, limits)
    return Graph(distinct(node, len(node)), pairs, component, apart, systems)


def _doubled_systems(node: IntArray, component: IntArray, limits: ClusterLimits) -> pl.DataFrame:
    """Node and duplicate-free system, where two nodes of one component have a record of that system."""
    if limits.duplicate_free is None:
        return pl.DataFrame(schema={"node": pl.Int64, "system": pl.Int64})
    if len(limits.duplicate_free) != len(node):
        raise SchemaMismatch("limits.duplicate_free does not give one system for each record.", FAULT)
    system = limits.duplicate_free.astype(np.int64)
    single = system >= 0
    frame = pl.DataFrame({"node": node[single], "system": system[single], "component": component[node[single]]})
    doubled = frame.unique().filter(pl.len().over("component", "system") > 1)
    return doubled.sort("node", "system").select("node", "system")


def _cluster_nodes(graph: Graph, limits: ClusterLimits) -> tuple[IntArray, BoolArray]:
    """The cluster of each node, and whether it lies in a component that was too large to be refined as a whole."""
    name = graph.component.copy()
    capped = np.zeros(len(name), dtype=np.bool_)
    contested = find_contested(graph, limits)
    if contested.any():
        for component in contested_components(graph, contested):
            if is_capped(component, limits):
                capped[component.nodes] = True
            for part in split_component(component, limits):
                name[part] = part[0]
    return name, capped
