"""Reads the bytes of an XML file into a tree, and tells its elements by name without namespace."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from mood2music.errors import MusicFileError

# What names an element, as ElementTree has it.
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def parse_xml(content: bytes, name: str) -> Element:
    """Parse XML. Raises MusicFileError, one line that names the file, for what is none."""
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise MusicFileError(f"{name} cannot be read: {error}") from error


def local_name(element: Element) -> str:
    """An element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
