"""What GEXF 1.3 asks of a file, written anew for these tests and held against the text of its schema.

The schema (gexf.xsd and dynamics.xsd of `specs/1.3`, The GEXF Working Group, github.com/gephi/gexf, CC BY 4.0) allows
more elements: those that show how something looks, and nodes inside of nodes. Of the elements that stand here these are
all its rules, with order and number of what they hold and the types of attributes; any other element is a fault.
"""

import re
import xml.etree.ElementTree as ET
from datetime import date

NAMESPACE = "{http://gexf.net/1.3}"


def _one_of(*terms):
    return lambda text: text in terms


def _whole(text):
    return re.fullmatch(r"[+-]?[0-9]+", text) is not None


def _count(text):
    return re.fullmatch(r"\+?[0-9]+|-0+", text) is not None


def _number(text):
    return text in {"INF", "-INF", "NaN"} or re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)


def _day(text):
    found = re.fullmatch(r"(-?[0-9]{4,}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?", text)
    try:
        return found is not None and bool(date.fromisoformat(found[1]))
    except ValueError:
        return False


def _time(text):
    """A number, a day, or a day with a time."""
    at = re.fullmatch(r"(.{10,})T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?", text)
    return bool(_whole(text) or _number(text) or _day(text) or (at and _day(at[1])))


def _text(_):
    return True


EDGES = _one_of("directed", "undirected", "mutual")
TYPES = (
    *("integer", "long", "double", "float", "boolean", "bigdecimal", "biginteger", "byte", "char", "short", "string"),
    *("anyURI", "liststring", "listboolean", "listinteger", "listlong", "listfloat", "listdouble", "listbyte"),
    *("listshort", "listbigdecimal", "listbiginteger", "listchar"),
)
DAYS = {"start": _time, "end": _time, "timestamp": _time}
STAYS = {**DAYS, "intervals": _text, "timestamps": _text}

ELEMENTS = {
    "gexf": ("(meta )?graph ", {"version": _one_of("1.3")}, {"variant": _text}),
    "meta": ("(creator |keywords |description )*", {}, {"lastmodifieddate": _day}),
    "creator": ("", {}, {}),
    "keywords": ("", {}, {}),
    "description": ("", {}, {}),
    "graph": (
        "(attributes )*nodes edges ",
        {},
        {
            **DAYS,
            "timeformat": _one_of("integer", "double", "date", "dateTime"),
            "mode": _one_of("static", "dynamic", "slice"),
            "timerepresentation": _one_of("interval", "timestamp"),
            "timezone": _text,
            "defaultedgetype": EDGES,
            "idtype": _one_of("integer", "string"),
        },
    ),
    "attributes": ("(attribute )*", {"class": _one_of("node", "edge")}, {"mode": _one_of("static", "dynamic")}),
    "attribute": ("(default |options )*", {"id": _text, "title": _text, "type": _one_of(*TYPES)}, {}),
    "default": ("", {}, {}),
    "options": ("", {}, {}),
    "nodes": ("(node )*", {}, {"count": _count}),
    "edges": ("(edge )*", {}, {"count": _count}),
    "node": ("(spells |attvalues )*", {"id": _text}, {**STAYS, "label": _text, "pid": _text}),
    "edge": (
        "(spells |attvalues )*",
        {"source": _text, "target": _text},
        {**STAYS, "id": _text, "type": EDGES, "label": _text, "weight": _number, "kind": _text},
    ),
    "attvalues": ("(attvalue )*", {}, {}),
    "attvalue": ("", {"for": _text, "value": _text}, DAYS),
    "spells": ("(spell )+", {}, {}),
    "spell": ("", {}, DAYS),
}
"""Of each element what it holds, in which order and how often, and the attributes that it must and may have."""

WITH_TEXT = {"creator", "keywords", "description", "default", "options"}

VALUES = {"integer": _whole, "boolean": _one_of("true", "false"), "string": _text}
"""What a value looks like for a declared type, of those that are written here; the schema takes any string for it."""


def faults(content):
    """Where a file is not as GEXF has it: by its schema, and in what a schema cannot say."""
    root = ET.fromstring(content)
    found = [] if root.tag == f"{NAMESPACE}gexf" else [f"{root.tag} is no root"]
    for element in root.iter():
        found += _invalid(element)
        days = [element.attrib[side] for side in ("start", "end") if side in element.attrib]
        found += [f"{element.tag} ends before it starts"] if days != sorted(days) else []
    return [*found, *_dangling(root)]


def _invalid(element):
    name = element.tag.removeprefix(NAMESPACE)
    if name not in ELEMENTS:
        return [f"{name} is not known"]
    holds, must, may = ELEMENTS[name]
    inside = "".join(f"{child.tag.removeprefix(NAMESPACE)} " for child in element)
    found = [] if re.fullmatch(holds, inside) else [f"{name} holds {inside}"]
    words = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    found += [f"{name} says {words}"] if words and name not in WITH_TEXT else []
    found += [f"{name} lacks {each}" for each in must.keys() - element.attrib.keys()]
    for each, value in element.attrib.items():
        is_valid = {**must, **may}.get(each)
        if is_valid is None or not is_valid(value):
            found.append(f"{name} has {each}={value}")
    return found


def _dangling(root):
    """What is there twice, refers to nothing, or is no value of its type."""
    found = []
    nodes = [node.attrib.get("id") for node in root.iter(f"{NAMESPACE}node")]
    ends = {edge.attrib.get(side) for edge in root.iter(f"{NAMESPACE}edge") for side in ("source", "target")}
    edges = [edge.attrib.get("id") for edge in root.iter(f"{NAMESPACE}edge")]
    found += [f"no node {end}" for end in ends - set(nodes)]
    found += [f"{id_} is there twice" for ids in (nodes, edges) for id_ in set(ids) if ids.count(id_) > 1]
    for kind in ("node", "edge"):
        declared = {
            each.attrib.get("id"): each.attrib.get("type")
            for group in root.iter(f"{NAMESPACE}attributes")
            if group.attrib.get("class") == kind
            for each in group
        }
        for element in root.iter(f"{NAMESPACE}{kind}"):
            for value in element.iter(f"{NAMESPACE}attvalue"):
                type_, given = declared.get(value.attrib.get("for")), value.attrib.get("value", "")
                if type_ not in VALUES or not VALUES[type_](given):
                    found.append(f"{kind} has {given} for {type_}")
    return found
