"""Where a key of a YAML file stands, so that an error can name its line.

Belongs here: lines by path of keys. Does not belong here: what the keys mean.
"""

from pathlib import Path

import yaml

from orchestration.errors import UserError


def lines_of(
    node: yaml.Node | None, path: Path, prefix: tuple[str | int, ...] = ()
) -> dict[tuple[str | int, ...], int]:
    """Line of every key and item, by its path; a key that stands twice is refused."""
    found: dict[tuple[str | int, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            at = (*prefix, key.value)
            if at in found:
                raise UserError(
                    f"The key {key.value!r} stands twice.",
                    where=f"{path}, line {key.start_mark.line + 1}",
                    why="only one of the two could hold",
                    mend="remove one",
                )
            found[at] = key.start_mark.line + 1
            found.update(lines_of(value, path, at))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found[*prefix, index] = value.start_mark.line + 1
            found.update(lines_of(value, path, (*prefix, index)))
    return found
