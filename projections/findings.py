"""What was looked into and found, and how far people took part: in words, and on a scale where somebody used one."""

from domain.fields import Quantity
from domain.findings import AssessmentConducted, FindingRecorded, MeetingLoad, ParticipationRated
from domain.replay import Form
from domain.schemes import Term
from domain.view import View, once
from projections.meetings import Group, group
from projections.telling import Cited, FromEntry, Named, Shown, from_entry, named, sources, told


class Assessment(FromEntry):
    """Something that was looked into, with the entries of what it found."""

    id: str
    title: str | None
    methods: list[str]
    by: list[Named]
    asked: Group | None
    sessions: Quantity | None
    what: str | None
    about: list[Named]
    findings: list[int]


class Finding(FromEntry):
    """Something that was found; `asserted_by` is whose account it is."""

    kind: str
    what: str | None
    assessment: list[Named]
    category: Term | None
    by: list[Named]
    scope: str | None
    load: MeetingLoad | None
    about: list[Named]
    asserted_by: list[Named]
    sources: list[Cited]


class Findings(Shown):
    """All assessments and all findings, in the happened order."""

    assessments: list[Assessment]
    findings: list[Finding]


class Rating(FromEntry):
    """How far a group took part in something: as it was meant, or as it was."""

    stage: str
    about: list[Named]
    group: list[Named]
    group_in_words: str | None
    observed: str | None
    degree: Term | None
    by: list[Named]
    asserted_by: list[Named]


class Participation(Shown):
    """All ratings in the happened order. Nothing is averaged: degrees are ranks, and parties may differ."""

    ratings: list[Rating]


@once
def findings(view: View) -> Findings:
    """Assessments and findings on the view's day."""
    found = [_finding(view, form, step) for form, step in told(view, FindingRecorded)]
    of: dict[str, list[int]] = {}
    for finding in found:
        for assessment in finding.assessment:
            of.setdefault(assessment.id, []).append(finding.entry)
    assessments = [_assessment(view, form, step, of) for form, step in told(view, AssessmentConducted)]
    return Findings(assessments=assessments, findings=found)


def _assessment(view: View, form: Form, step: AssessmentConducted, of: dict[str, list[int]]) -> Assessment:
    return Assessment(
        **from_entry(view, form),
        id=step.assessment,
        title=step.title,
        methods=list(step.methods),
        by=named(view, step.by),
        asked=None if step.asked is None else group(view, step.asked),
        sessions=step.sessions,
        what=step.what,
        about=named(view, step.about),
        findings=of.get(step.assessment, []),
    )


def _finding(view: View, form: Form, step: FindingRecorded) -> Finding:
    return Finding(
        **from_entry(view, form),
        kind=step.kind,
        what=step.what,
        assessment=named(view, [step.assessment]),
        category=step.category,
        by=named(view, step.by),
        scope=step.scope,
        load=step.load,
        about=named(view, step.about),
        asserted_by=named(view, [form.telling.asserted_by]),
        sources=sources(view, form.telling),
    )


@once
def participation(view: View) -> Participation:
    """Degrees of participation, meant and observed, up to the view's day."""
    return Participation(
        ratings=[
            Rating(
                **from_entry(view, form),
                stage=step.stage,
                about=named(view, step.about),
                group=named(view, step.group),
                group_in_words=step.group_in_words,
                observed=step.observed,
                degree=step.degree,
                by=named(view, step.by),
                asserted_by=named(view, [form.telling.asserted_by]),
            )
            for form, step in told(view, ParticipationRated)
        ]
    )
