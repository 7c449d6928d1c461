"""XML of others: read by one parser, and only what cannot mean two things (SAML 2.0 Core)."""

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from gatelodge.federation.trouble import NotIdentified, Trouble

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"


def invalid(detail: str) -> NotIdentified:
    """Return the trouble of an answer that must not be believed."""
    return NotIdentified(Trouble.INVALID_ANSWER, detail)


def read_xml(octets: bytes) -> Element:
    """Return the root of a document without document type, comments and instructions.

    A comment inside a name would let two readers see two names. Raises `NotIdentified`.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        octets.decode("utf-8")
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise invalid("it is no XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise invalid("it has a document type")
    is_alone = root.getprevious() is None and root.getnext() is None
    if not is_alone or any(not isinstance(each.tag, str) for each in root.iter()):
        raise invalid("it has comments, instructions or entities")
    return root


def name(namespace: str, local: str) -> str:
    """Return a name as elements carry it."""
    return f"{{{namespace}}}{local}"


def children(parent: Element, local: str, namespace: str = ASSERTION) -> list[Element]:
    """Return the direct children of that name; nothing is looked for any deeper."""
    return list(parent.findall(name(namespace, local)))


def only_child(parent: Element, local: str, namespace: str = ASSERTION) -> Element:
    """Return the one child of that name; raise `NotIdentified` when there is none, or more."""
    found = children(parent, local, namespace)
    if len(found) != 1:
        raise invalid(f"it has not exactly one {local}")
    return found[0]


def text_of(element: Element) -> str:
    """Return the whole text of an element that holds nothing else."""
    if len(element):
        raise invalid("there is something beside a text")
    return (element.text or "").strip()


def identifiers(root: Element) -> Iterator[str]:
    """Yield every identifier a signature could refer to, in any spelling of the attribute."""
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if str(attribute).lower() == "id":
                yield str(value)
