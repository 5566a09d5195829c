"""Write rules as YAML that a person likes to read and change, and that loads as the same rules again."""

from __future__ import annotations

from typing import Any

import yaml

from mdm.rulebook.source import FileFormatRules, Mapping, RoleRule, SourceRules

HEADER = """\
# Which source systems there are and what their columns mean. Change what is wrong and run again with this file.
# A role takes one column, several joined by + with a blank between them, or a list of columns.
"""


def dump_mapping(mapping: Mapping) -> str:
    """The mapping as YAML in the short forms; `load_mapping` reads the same mapping from it."""
    parts = [HEADER, f"version: {mapping.version}\n", "sources:\n" if mapping.sources else "sources: []\n"]
    for source in mapping.sources:
        first, *rest = dump_source(source).splitlines(keepends=True)
        parts += ["\n", f"  - {first}", *(f"    {line}" if line.strip() else line for line in rest)]
    return "".join(parts)


def dump_source(source: SourceRules) -> str:
    """The rules of one source as YAML in the short forms; what has its default is left out."""
    given = source.model_dump(mode="json", exclude_defaults=True)
    if source.format != FileFormatRules():
        given["format"] = _OneLine(given["format"])
    given["columns"] = {role: _short(rule) for role, rule in source.columns.items()}
    order = [
        "system",
        "label",
        "path",
        "connector",
        "format",
        "key",
        "source_column",
        "source_value",
        "children",
        "columns",
    ]
    names = [name for name in order if name in given and given[name] != {}]
    names += [name for name in SourceRules.model_fields if name in given and name not in order]
    return "".join(_emit(name, given[name]) for name in names)


def _short(rule: RoleRule) -> object:
    """The columns alone where nothing else is said; else one mapping on one line."""
    columns: object = rule.columns[0] if len(rule.columns) == 1 else list(rule.columns)
    more = rule.model_dump(mode="json", exclude_defaults=True, exclude={"columns"})
    return _OneLine(columns=columns, **more) if more else columns


def _emit(name: str, value: object) -> str:
    return yaml.dump({name: value}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


class _OneLine(dict[str, Any]):
    """A mapping that is written in braces."""


class _Dumper(yaml.SafeDumper):
    """Lists on one line in brackets, no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # the signature is PyYAML's
        return True

    def represent_text(self, text: str) -> yaml.Node:
        """PyYAML loses line separators such as U+0085 unless they are written as escapes."""
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')

    def represent_texts(self, data: list[Any]) -> yaml.Node:
        flow = not any(isinstance(item, dict) for item in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)

    def represent_one_line(self, data: _OneLine) -> yaml.Node:
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(list, _Dumper.represent_texts)
_Dumper.add_representer(_OneLine, _Dumper.represent_one_line)
