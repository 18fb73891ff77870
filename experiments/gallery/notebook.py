"""Runs the example notebook from top to bottom, and writes what its cells showed into it.

python -m experiments.gallery.notebook
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from experiments.measuring import measuring
from mood2music.files import atomically


@dataclass
class Settings:
    """notebook: the file, which is written anew."""

    notebook: Path


@measuring
def main(asked: Settings) -> None:
    """Run it in a folder of its own, where its files go, and keep its outputs."""
    notebook = nbformat.read(asked.notebook, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=900,
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        here = os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH"))))
        client.execute(env={**os.environ, "PYTHONPATH": here})
    # What differs from machine to machine without a reader seeing it.
    notebook.metadata.pop("language_info", None)
    with atomically(asked.notebook) as unfinished:
        nbformat.write(notebook, unfinished)
    print(asked.notebook)


if __name__ == "__main__":
    main()
