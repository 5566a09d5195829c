"""What is wrong in a rules file, in sentences: the place in the person's own terms, and what it must be instead."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeGuard, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mdm.rulebook.names import nearest, show

Place = tuple[str | int, ...]
"""The keys and list positions that lead to a value, such as `("targets", 2, "allow")`."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, at a place of the file; the line is found from the place when it is told."""

    place: Place
    reason: str


def spell(place: Place) -> str:
    """The place as it is written in messages: `targets[2].allow`, and nothing for the whole file."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every error of a validation by that model, one Problem each."""
    found: list[Problem] = []
    for details in error.errors(include_url=False):
        steps = tuple(step for step in details["loc"] if step != "[key]")
        place = _as_written(model, steps)
        if details["type"] == "extra_forbidden":
            key = str(place[-1])
            found.append(Problem(place, f"unknown key, {nearest(key, _known_keys(model, steps[:-1]))}"))
        else:
            found.append(Problem(place, _sentence(details, _bounds(model, steps))))
    return found


WORDS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a whole number of at most 18 digits",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be one value",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be keys with values",
    "model_type": "must be keys with values",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}
"""pydantic's kinds of errors in our words; what was found is added where it is known."""

SHAPES: Final[Mapping[str, str]] = {
    r"^[A-Z]{2}$": "must be a country of two capital letters such as DE",
    r"^\w[\w.-]{0,63}$": "must begin with a letter or digit and hold only letters, digits and _ . - (64 at most)",
    r"^[^\x00-\x1f\x7f]+$": "must be a path without control characters",
}
"""What the patterns of the models mean."""


def _sentence(details: ErrorDetails, bounds: str) -> str:
    kind, ctx = details["type"], details.get("ctx", {})
    special: Mapping[str, Callable[[], str]] = {
        "value_error": lambda: str(ctx["error"]),
        "literal_error": lambda: f"must be {ctx['expected'].replace(chr(39), '')}",
        "string_pattern_mismatch": lambda: SHAPES.get(ctx["pattern"], f"must look like {ctx['pattern']}"),
        "union_tag_invalid": lambda: f"type must be {ctx['expected_tags'].replace(chr(39), '')}",
        "union_tag_not_found": lambda: "needs a type",
        "string_too_long": lambda: f"must have at most {ctx['max_length']} character(s)",
    }
    if bounds and kind in {"greater_than_equal", "less_than_equal", "finite_number"}:
        reason = bounds
    elif kind in special:
        reason = special[kind]()
    else:
        reason = WORDS.get(kind, details["msg"])
    silent = kind in {"missing", "value_error", "too_short", "string_too_short"} or kind.startswith("union_tag")
    return reason if silent else f"{reason}, is {show(details['input'])}"


def _as_written(model: type[BaseModel], steps: Place) -> Place:
    """The place without the steps that pydantic puts in for the kind of a connector: no file has them."""
    return tuple(step for at, step in enumerate(steps) if _of_kind(_annotation_at(model, steps[:at]), step) is None)


def _known_keys(model: type[BaseModel], place: Place) -> list[str]:
    inner = _type_at(model, place)
    return list(inner.model_fields) if _is_model(inner) else []


def _bounds(model: type[BaseModel], place: Place) -> str:
    """The range of a number as its field declares it, or nothing."""
    parent = _type_at(model, place[:-1])
    field = parent.model_fields.get(str(place[-1])) if place and _is_model(parent) else None
    metadata = field.metadata if field else []
    low = next((rule.ge for rule in metadata if isinstance(rule, Ge)), None)
    high = next((rule.le for rule in metadata if isinstance(rule, Le)), None)
    if low is not None and high is not None:
        return f"must be between {low} and {high}"
    return f"must be at least {low}" if low is not None else f"must be at most {high}" if high is not None else ""


def _type_at(model: type[BaseModel], place: Place) -> Any:  # noqa: ANN401  # annotations are of no common type
    return _bare(_annotation_at(model, place))


def _annotation_at(model: type[BaseModel], place: Place) -> Any:  # noqa: ANN401  # annotations are of no common type
    inner: Any = model
    for step in place:
        chosen = _of_kind(inner, step)
        if chosen is not None:
            inner = chosen
            continue
        inner = _bare(inner)
        if _is_model(inner):
            field = inner.model_fields.get(str(step))
            inner = field.annotation if field else None
        else:
            arguments = get_args(inner)
            inner = None if not arguments else arguments[1] if get_origin(inner) is dict else arguments[0]
    return inner


def _of_kind(annotation: Any, step: str | int) -> type[BaseModel] | None:  # noqa: ANN401  # as above
    """Of a union of models told apart by their `type` the one of that type."""
    if get_origin(annotation) not in {Annotated, Union, types.UnionType}:
        return None
    parts = [_of_kind(part, step) or part for part in get_args(annotation)]
    models = [part for part in parts if _is_model(part) and "type" in part.model_fields]
    return next((part for part in models if step in get_args(part.model_fields["type"].annotation)), None)


def _bare(annotation: Any) -> Any:  # noqa: ANN401  # annotations are of no common type
    """The annotation without `Annotated` and without `| None`."""
    while get_origin(annotation) in {Annotated, Union, types.UnionType}:
        annotation = next((part for part in get_args(annotation) if part is not type(None)), None)
    return annotation


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
