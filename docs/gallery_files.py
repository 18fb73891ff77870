"""The pieces of examples/gallery come in; a page of the site goes out, with their sound to play.

Loaded by mkdocs as a hook (mkdocs.yml). In the repository the gallery lies beside docs/, so pages
link to ../examples/gallery; on the site it is gallery/.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

EXAMPLES = Path(__file__).parents[1] / "examples"
INDEX = "gallery/README.md"
SOUND = re.compile(r"\[Sound\]\(([^)]+)\) · ")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the gallery's files."""
    for path in sorted((EXAMPLES / "gallery").rglob("*.*")):
        name = path.relative_to(EXAMPLES).as_posix()
        files.append(File(name, str(EXAMPLES), config.site_dir, config.use_directory_urls))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to the gallery, and its sounds play on its page."""
    if page.file.src_uri == INDEX:
        return SOUND.sub(r'<audio controls preload="none" src="\1"></audio> ', markdown)
    return markdown.replace("../examples/gallery/", "gallery/")
