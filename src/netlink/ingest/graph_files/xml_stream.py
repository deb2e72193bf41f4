"""XML, element by element, with caps on what a file may ask for; no DOCTYPE, so no entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat

from netlink.errors import SchemaError

if TYPE_CHECKING:
    from netlink.ingest.sources import Source

_DEPTH = 32
_LENGTH = 1 << 20
_BLOCK = 1 << 18


class Handler(Protocol):
    """What a format makes of its elements; names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str, text: str) -> None:
        """Take the end of an element, with the text since the last beginning or end."""


class _Stream:
    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.depth = 0
        self.text: list[str] = []
        self.length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise SchemaError(f"The file nests more than {_DEPTH} elements in each other.")
        if any(len(value) > _LENGTH for value in attributes.values()):
            raise _too_long()
        self._clear()
        self.handler.start(_local(name), {_local(n): v for n, v in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.handler.end(_local(name), "".join(self.text))
        self._clear()

    def data(self, text: str) -> None:
        self.length += len(text)
        if self.length > _LENGTH:
            raise _too_long()
        self.text.append(text)

    def _clear(self) -> None:
        self.text.clear()
        self.length = 0


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _too_long() -> SchemaError:
    return SchemaError(f"The file has an attribute of more than {_LENGTH:,} characters.")


def _refuse(*_: object) -> None:
    raise SchemaError(
        "The file has a DOCTYPE, which can make a small file fill the memory or read other files: "
        "netlink reads none. Take the line '<!DOCTYPE ...>' out if you trust the file."
    )


def parse(source: Source, root: str, handler: Handler) -> None:
    """Read a file whose outermost element has a name."""
    stream = _Stream(handler)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.buffer_text = True
    parser.EndElementHandler = stream.end
    parser.CharacterDataHandler = stream.data

    def first(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != root:
            raise SchemaError(f"The outermost element of the file must be '{root}', it is not.")
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
