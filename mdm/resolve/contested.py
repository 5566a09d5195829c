"""Contested components: those with something forbidden inside, or whose members do not all agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from mdm.resolve.average_link import average_link
from mdm.resolve.kruskal import constrained_kruskal
from mdm.resolve.limits import BoolArray, ClusterLimits, IntArray
from mdm.resolve.pairs import Pairs
from mdm.resolve.parts import Edge, Forbidden


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, the pairs between them, the component of each, and what may not come together inside components.

    A node is the smallest rid of records that must be together; `component` names the smallest node of each.
    """

    nodes: IntArray
    pairs: Pairs
    component: IntArray
    apart: Pairs
    systems: pl.DataFrame  # node, system: where a component holds two nodes of one duplicate-free system


@dataclass(frozen=True, slots=True)
class Component:
    """One contested component, in plain Python."""

    nodes: list[int]
    edges: list[Edge]
    forbidden: Forbidden


def find_contested(graph: Graph, limits: ClusterLimits) -> BoolArray:
    """For each component name, whether it has to be taken apart and joined again."""
    contested = np.zeros(len(graph.component), dtype=np.bool_)
    contested[graph.component[graph.apart.left]] = True
    contested[graph.component[graph.systems["node"].to_numpy()]] = True
    if limits.refine == "average":
        contested |= _in_doubt(graph, limits)
    return contested


def _in_doubt(graph: Graph, limits: ClusterLimits) -> BoolArray:
    """Components of three and more in which some pair, compared or not, weighs less than `stop_at`.

    In the others every mean is at least `stop_at`, whatever the order, so average link would join them all.
    """
    size = len(graph.component)
    nodes = np.bincount(graph.component[graph.nodes], minlength=size)
    inside = graph.component[graph.pairs.left] == graph.component[graph.pairs.right]
    of = graph.component[graph.pairs.left[inside]]
    compared = np.bincount(of, minlength=size)
    low = np.bincount(of[graph.pairs.weight[inside] < limits.stop_at], minlength=size) > 0
    if limits.missing_weight < limits.stop_at:
        low |= compared < nodes * (nodes - 1) // 2
    doubt: BoolArray = low & (nodes > 2)
    return doubt


def contested_components(graph: Graph, contested: BoolArray) -> Iterator[Component]:
    """The contested components one after the other, by their names."""
    nodes = _grouped(graph.nodes, graph.component[graph.nodes], contested)
    inside = graph.component[graph.pairs.left] == graph.component[graph.pairs.right]
    pairs = graph.pairs.where(inside)
    edges = _grouped(np.arange(len(pairs.left)), graph.component[pairs.left], contested)
    apart = _grouped(np.arange(len(graph.apart.left)), graph.component[graph.apart.left], contested)
    systems: dict[int, dict[int, frozenset[int]]] = {}
    for node, system in graph.systems.iter_rows():
        of = systems.setdefault(int(graph.component[node]), {})
        of[node] = of.get(node, frozenset()) | {system}
    nothing = np.zeros(0, dtype=np.int64)
    for name, members in nodes.items():
        own, against = edges.get(name, nothing), apart.get(name, nothing)
        yield Component(
            members.tolist(),
            list(
                map(
                    Edge,
                    pairs.left[own].tolist(),
                    pairs.right[own].tolist(),
                    pairs.weight[own].tolist(),
                    pairs.kept[own].tolist(),
                )
            ),
            Forbidden(
                list(zip(graph.apart.left[against].tolist(), graph.apart.right[against].tolist(), strict=True)),
                systems.get(name, {}),
            ),
        )


def _grouped(values: IntArray, component: IntArray, contested: BoolArray) -> dict[int, IntArray]:
    """The values of contested components by component, each group in the order given."""
    mask = contested[component]
    values, component = values[mask], component[mask]
    if not len(values):
        return {}
    order = np.argsort(component, kind="stable")
    ordered = component[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))  # an array's value, not a switch
    return dict(zip(ordered[starts].tolist(), np.split(values[order], starts[1:]), strict=True))


def split_component(component: Component, limits: ClusterLimits) -> list[list[int]]:
    """The parts of one contested component, by the method its size allows."""
    nodes, edges, forbidden = component.nodes, component.edges, component.forbidden
    if is_capped(component, limits):
        return constrained_kruskal(nodes, edges, forbidden, largest=limits.largest)
    if limits.refine == "average" and len(nodes) > 2:
        return average_link(nodes, edges, forbidden, stop_at=limits.stop_at, missing_weight=limits.missing_weight)
    if len(nodes) > limits.average_nodes or len(edges) > limits.average_edges:
        return constrained_kruskal(nodes, edges, forbidden)
    return average_link(nodes, edges, forbidden)


def is_capped(component: Component, limits: ClusterLimits) -> bool:
    """Too large to be refined as a whole: it is grown from its heaviest links up to the size limit instead."""
    return limits.refine == "average" and len(component.edges) > limits.refine_edges
