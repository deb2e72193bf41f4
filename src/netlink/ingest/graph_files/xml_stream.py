"""XML, element by element, with caps on what a file may ask for; no DOCTYPE, so no entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat

from netlink.errors import SchemaError

if TYPE_CHECKING:
    from netlink.ingest.sources import Source

_DEPTH = 32
_LENGTH = 1 << 20
_BLOCK = 1 << 18


class Handler(Protocol):
    """What a format makes of its elements.

    Names of the namespace of the outermost element come without it, those of other ones as
    ':name'. Attributes of a namespace of their own say nothing about the graph.
    """

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str, text: str) -> None:
        """Take the end of an element, with its own text; blank where it has others within it."""


@dataclass(slots=True)
class _Element:
    text: list[str] = field(default_factory=list)
    length: int = 0
    is_mixed: bool = False


class _Stream:
    def __init__(self, handler: Handler, namespace: str) -> None:
        self.handler = handler
        self.namespace = namespace
        self.open: list[_Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) == _DEPTH:
            raise SchemaError(f"The file nests more than {_DEPTH} elements in each other.")
        if any(len(value) > _LENGTH for value in attributes.values()):
            raise _too_long()
        if self.open:
            around = self.open[-1]
            around.is_mixed = True
            if "".join(around.text).isspace():  # a graph has as many line ends as nodes
                around.text.clear()
                around.length = 0
        self.open.append(_Element())
        if " " in "".join(attributes):
            attributes = {name: text for name, text in attributes.items() if " " not in name}
        self.handler.start(self._local(name), attributes)

    def end(self, name: str) -> None:
        element = self.open.pop()
        text = "".join(element.text)
        self.handler.end(self._local(name), text.strip() if element.is_mixed else text)

    def data(self, text: str) -> None:
        element = self.open[-1]
        element.length += len(text)
        if element.length > _LENGTH:
            raise _too_long()
        element.text.append(text)

    def _local(self, name: str) -> str:
        namespace, local = _split(name)
        return local if namespace == self.namespace else f":{local}"


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition(" ")
    return namespace, local


def _too_long() -> SchemaError:
    return SchemaError(f"The file has an attribute of more than {_LENGTH:,} characters.")


def _refuse(*_: object) -> None:
    raise SchemaError(
        "The file has a DOCTYPE, which can make a small file fill the memory or read other files: "
        "netlink reads none. Take the line '<!DOCTYPE ...>' out if you trust the file."
    )


def parse(source: Source, root: str, handler: Handler) -> None:
    """Read a file whose outermost element has a name."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.buffer_text = True

    def first(name: str, attributes: dict[str, str]) -> None:
        namespace, local = _split(name)
        if local != root:
            raise SchemaError(f"The outermost element of the file must be '{root}', it is not.")
        stream = _Stream(handler, namespace)
        parser.EndElementHandler = stream.end
        parser.CharacterDataHandler = stream.data
        parser.StartElementHandler = stream.start
        stream.start(name, attributes)

    parser.StartElementHandler = first
    where, read = None, 0
    with source.stream() as file:
        try:
            while block := file.read(_BLOCK):
                read += len(block)
                source.cap.check(read)
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            where = error.lineno
    if where is not None:
        raise SchemaError(f"The file is not well-formed XML; line {where:,} (from 1) is wrong.")
