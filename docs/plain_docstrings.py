"""A docstring in the house's plain text comes in; Markdown that keeps its columns goes out.

Loaded by mkdocstrings (mkdocs.yml). Paragraphs stay as they are. Lines that are laid out by hand
become code: doctests, indented lines, columns set apart by spaces, drawn trees. Lines that begin
with a name and a colon become a list.
"""

import re
from typing import Any

from griffe import Extension, Object

FIELD = re.compile(r"(\w+(?:, \w+)*): ")
DRAWN = re.compile(r"^>>> |^\s{2,}\S|\S {2,}\S|[├└│]")


def fenced(text: str) -> str:
    """Put a fence around the lines that are laid out by hand.

    >>> fenced("Twice.\\n\\n>>> twice(2)\\n4")
    'Twice.\\n\\n```python\\n>>> twice(2)\\n4\\n```'
    """
    done = []
    for paragraph in re.split(r"\n\s*\n", text):
        lines = paragraph.split("\n")
        drawn = [n for n, line in enumerate(lines) if DRAWN.search(line)]
        if not drawn or paragraph.startswith("```"):
            named = sum(FIELD.match(line) is not None for line in lines)
            listed = named > 1 and FIELD.match(lines[0])
            done.append("\n".join(map(_item, lines)) if listed else paragraph)
            continue
        first, last = drawn[0], drawn[-1] + 1
        example = lines[first].startswith(">>> ")
        if example or any(re.search("[├└│]", line) for line in lines):
            last = len(lines)  # what an example prints stands below it
            first = first if example else 0
        code = "\n".join(lines[first:last])
        before, after = "\n".join(lines[:first]), "\n".join(lines[last:])
        fence = f"```{'python' if example else 'text'}\n{code}\n```"
        done.append("\n\n".join(part for part in (before, fence, after) if part))
    return "\n\n".join(done)


def _item(line: str) -> str:
    """A line that begins with names as an item of a list; any other goes on with the one above.

    >>> _item("onset: (n,) int64")
    '- `onset`: (n,) int64'
    """
    return FIELD.sub(r"- `\1`: ", line, count=1) if FIELD.match(line) else f"  {line}"


class PlainDocstrings(Extension):
    """Rewrite each docstring when its object is read."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Fence what is laid out by hand."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
