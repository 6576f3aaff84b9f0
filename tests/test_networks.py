"""Networks over time: that they are GEXF 1.3, what others read in them, and that they tell what the pages show."""

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
from tests.gexf_standard import NAMESPACE, faults
from tests.histories import FIRST, LAST, heaps, histories
from tests.test_laws import rounds


def read(format_, as_=None, **times):
    return nx.read_gexf(io.BytesIO(lindenau().file(format_, as_, **times)))


@pytest.mark.parametrize("format_", ["gexf-structure", "gexf-meetings"])
def test_it_is_as_gexf_has_it(format_):
    assert faults(lindenau().file(format_)) == faults(lindenau().file(format_, "evaluator")) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'version="1.3"', b'version="1.2"'),
        (b'xmlns="http://gexf.net/1.3"', b'xmlns="http://www.gexf.net/1.2draft"'),
        (b'mode="dynamic"', b'mode="moving"'),
        (b'timeformat="date"', b'timeformat="day"'),
        (b"<nodes>", b'<nodes startopen="2018-01-01">'),
        (b"<nodes>", b'<nodes count="-1">'),
        (b"<nodes>", b"<edges></edges><nodes>"),
        (b"<meta>", b"<graph><nodes/><edges/></graph><meta>"),
        (b"<attributes", b"<nodes/><attributes"),
        (b"<edges>", b"<edges><node id='x'/>"),
        (b"<nodes>", b"<nodes>words"),
        (b"</meta>", b"</meta><meta/>"),
        (b"</nodes>", b"<node id='x'><spells/></node></nodes>"),
        (b"</nodes>", b"<node id='bund'/></nodes>"),
        (b"</nodes>", b"<node label='x'/></nodes>"),
        (b"</edges>", b"<edge source='bund' target='oben' weight='heavy'/></edges>"),
        (b'source="labor"', b'source="nobody"'),
        (b' title="kind"', b""),
        (b'type="string"', b'type="text"'),
        (b'value="false"', b'value="nein"'),
        (b'for="0"', b'for="77"'),
        (b'start="2017-03-01"', b'start="2017-03-01" end="2016-03-01"'),
        (b'start="2017-03-01"', b'start="2017-02-30"'),
        (b'start="2017-03-01"', b'start="2017-03"'),
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
