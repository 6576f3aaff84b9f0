"""Networks over time: what GEXF 1.3 allows, what a reader of others finds in them, and that they tell what pages show.

The schema of GEXF 1.3 is an XSD (The GEXF Working Group, github.com/gephi/gexf, CC BY 4.0), and to check one takes a
library in C, for two files with a dozen elements. So what it allows of these elements stands here as a table, anew.
"""

import io
import xml.etree.ElementTree as ET
from datetime import date

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.view import View
from projections.spells import spells
from tests.exporting import file_of, lindenau, material_of
from tests.histories import FIRST, LAST, heaps, histories
from tests.test_laws import rounds

NAMESPACE = "{http://gexf.net/1.3}"
ALLOWED = {
    "gexf": (["meta", "graph"], {"version"}, {"variant"}),
    "meta": (["creator", "keywords", "description"], set(), {"lastmodifieddate"}),
    "graph": (
        ["attributes", "nodes", "edges"],
        set(),
        {"mode", "defaultedgetype", "timeformat", "timerepresentation", "start", "end", "timezone", "idtype"},
    ),
    "attributes": (["attribute"], {"class"}, {"mode"}),
    "attribute": (["default", "options"], {"id", "title", "type"}, set()),
    "nodes": (["node"], set(), {"count"}),
    "edges": (["edge"], set(), {"count"}),
    "node": (["attvalues", "spells"], {"id"}, {"label", "start", "end"}),
    "edge": (["attvalues", "spells"], {"id", "source", "target"}, {"label", "start", "end", "type", "weight", "kind"}),
    "attvalues": (["attvalue"], set(), set()),
    "attvalue": ([], {"for", "value"}, {"start", "end"}),
    "spells": (["spell"], set(), set()),
    "spell": ([], set(), {"start", "end"}),
    "creator": ([], set(), set()),
    "description": ([], set(), set()),
}
"""What may stand in an element, and the attributes that it must and may have."""

TERMS = {
    "version": {"1.3"},
    "mode": {"static", "dynamic"},
    "class": {"node", "edge"},
    "type": {"integer", "string", "boolean"},
    "timeformat": {"date"},
    "timerepresentation": {"interval"},
    "defaultedgetype": {"directed", "undirected"},
}


def faults(content):
    """Where a file is not as GEXF has it."""
    root = ET.fromstring(content)
    found = [f"{root.tag} is no root"] if root.tag != f"{NAMESPACE}gexf" else []
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        inside, must, may = ALLOWED[name]
        found += [f"{name} holds {c.tag}" for c in element if c.tag.removeprefix(NAMESPACE) not in inside]
        found += [f"{name} lacks {each}" for each in must - element.attrib.keys()]
        found += [f"{name} has {each}" for each in element.attrib.keys() - must - may]
        found += [f"{each} is {v}" for each, v in element.attrib.items() if each in TERMS and v not in TERMS[each]]
        days = [date.fromisoformat(element.attrib[each]) for each in ("start", "end") if each in element.attrib]
        found += [f"{name} ends before it starts"] if days != sorted(days) else []
    nodes = [each.attrib["id"] for each in root.iter(f"{NAMESPACE}node")]
    ends = {edge.attrib[each] for edge in root.iter(f"{NAMESPACE}edge") for each in ("source", "target")}
    edges = [each.attrib["id"] for each in root.iter(f"{NAMESPACE}edge")]
    return [*found, *(f"no node {each}" for each in ends - set(nodes)), *(twice(nodes)), *twice(edges)]


def twice(ids):
    return [f"{each} is there twice" for each in set(ids) if ids.count(each) > 1]


def read(format_, as_=None, **times):
    return nx.read_gexf(io.BytesIO(lindenau().file(format_, as_, **times)))


@pytest.mark.parametrize("format_", ["gexf-structure", "gexf-meetings"])
def test_it_is_as_gexf_has_it(format_):
    assert faults(lindenau().file(format_)) == faults(lindenau().file(format_, "evaluator")) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'version="1.3"', b'version="1.2"'),
        (b'mode="dynamic"', b'mode="moving"'),
        (b"<nodes>", b'<nodes startopen="2018-01-01">'),
        (b'source="labor"', b'source="nobody"'),
        (b' title="kind"', b""),
        (b'start="2017-03-01"', b'start="2017-03-01" end="2016-03-01"'),
    ],
)
def test_what_is_not_is_found(right, wrong):
    content = lindenau().file("gexf-structure")
    assert right in content
    assert len(faults(content.replace(right, wrong, 1))) >= 1


def test_networkx_reads_who_was_invited_to_what_and_there():
    graph = read("gexf-meetings")
    assert graph.nodes["verein"]["label"] == 'Ver"ein, e. V.'
    assert {graph.nodes[node]["bipartite"] for node in ("amt", "verein")} == {0}
    assert (graph.nodes["treffen-1"]["bipartite"], graph.nodes["treffen-1"]["start"]) == (1, "2018-05-02")
    assert nx.is_bipartite(graph)
    roles = sorted((actor, data["role"]) for _, actor, data in graph.edges("treffen-1", data=True))
    assert roles == [("amt", "invited"), ("verein", "attended"), ("verein", "invited")]


def test_networkx_reads_what_belonged_to_what_and_when():
    graph = read("gexf-structure")
    assert graph.nodes["mitte"]["end"] == "2018-03-31"
    assert "end" not in graph.nodes["bund"], "what goes on has no end, and not today"
    belonged = {(data["relation"], target): data for _, target, data in graph.out_edges("labor", data=True)}
    assert (belonged["parent", "bund"]["start"], belonged["parent", "bund"]["end"]) == ("2017-07-31", "2019-01-31")
    assert belonged["level", "mitte"]["end"] == "2018-03-31"
    assert graph.nodes["labor"]["since_earliest"] == "2017-05-01"


def test_it_says_what_it_was_made_from():
    root = ET.fromstring(lindenau().file("gexf-structure", happened_by=date(2018, 1, 1)))
    described = root.findtext(f"{NAMESPACE}meta/{NAMESPACE}description")
    assert "happened_by: 2018-01-01; known_by: –" in described
    assert "audience: public" in described
    assert root.findtext(f"{NAMESPACE}meta/{NAMESPACE}creator") == "Werdegang 0.1.0"


@rounds(40)
@given(st.one_of(histories(), heaps()), st.integers(FIRST, LAST))
def test_on_every_day_the_spells_tell_what_the_pages_show(office, day):
    material = material_of(office, day)
    view: View = material.view
    found = spells(view)
    for each in {*range(FIRST, day + 1), day}:
        then = view.on(each)
        places = [id_ for id_, subject in view.state.items() if subject.kind in ("body", "level") and then.counted(id_)]
        shown = {id_: (s.parent, s.level, s.inferred) for id_ in places if (s := then.standing(id_))}
        told = [s for s in found if s.first <= each and (s.last is None or each <= s.last)]
        assert {s.subject: (s.parent, s.level, s.inferred) for s in told} == shown
        assert len(told) == len(shown)
    for format_ in ("gexf-structure", "gexf-meetings"):
        assert faults(file_of(format_, material)) == []
