"""The registers of a process: what can be asked for beside structure and timeline, by one table for every face.

Command line, API and pages each have one way to show a register; what it holds stands in `projections/`, how it is
laid out in `adapters/sheets/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from adapters.sheets.amendments import amendments_sheet
from adapters.sheets.care import care_sheet
from adapters.sheets.completeness import completeness_sheet
from adapters.sheets.decisions import decisions_sheet, open_sheet, promises_sheet
from adapters.sheets.findings import claims_sheet, findings_sheet, participation_sheet
from adapters.sheets.meetings import attendance_sheet, meetings_sheet
from adapters.sheets.parts import Sheet
from adapters.sheets.plan import indicators_sheet, plan_sheet
from adapters.sheets.scenarios import scenarios_sheet
from domain.view import View
from domain.words import Language, Words
from projections.amendments import Amendment, amendments
from projections.care import Care, care
from projections.claims import Dispute, disputes
from projections.commitments import Promises, promises
from projections.completeness import Completeness, completeness
from projections.decisions import Decisions, decisions
from projections.findings import Findings, Participation, findings, participation
from projections.meetings import AttendanceRegister, Meeting, attendance, meetings
from projections.monitoring import Monitoring, monitoring
from projections.open_items import OpenItems, open_items
from projections.plan import Plan, plan
from projections.scenarios import ScenarioSet, scenarios
from service import Answer, Audience, Citation, Service, Times


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its name on command line and API, its page, what it holds, and how it is laid out."""

    name: str
    page: str
    label: Words
    about: str
    """What it answers, for the description of the API."""
    read: Callable[[View], Any]
    shape: Any
    sheet: Callable[[View, Language], Sheet]


REGISTERS: Final = (
    Register(
        "decisions",
        "beschluesse",
        ("Beschlüsse", "Decisions"),
        "Who decided what, by which method and with which numbers (recomputed), against which dissent; what replaced it"
        " and whether its review is due.",
        decisions,
        Decisions,
        decisions_sheet,
    ),
    Register(
        "open",
        "offen",
        ("Was offen ist", "What is open"),
        "Open questions, deferrals, reviews due, commitments without an outcome, feedback without an answer.",
        open_items,
        OpenItems,
        open_sheet,
    ),
    Register(
        "promises",
        "zusagen",
        ("Zusagen", "Promises"),
        "What was intended, announced or promised, and what came of it; silent is what is due and not spoken of again.",
        promises,
        Promises,
        promises_sheet,
    ),
    Register(
        "scenarios",
        "szenarien",
        ("Szenarien", "Scenarios"),
        "Every set of scenarios as a matrix with its gaps, and what was chosen, if anything was.",
        scenarios,
        list[ScenarioSet],
        scenarios_sheet,
    ),
    Register(
        "plan",
        "zukunftsplan",
        ("Zukunftsplan", "Plan"),
        "Leitbild, goals, measures with owners and reports, and the versions adopted of it.",
        plan,
        Plan,
        plan_sheet,
    ),
    Register(
        "indicators",
        "kennzahlen",
        ("Kennzahlen", "Indicators"),
        "Indicators with their profiles and readings; a corrected reading keeps what it said before.",
        monitoring,
        Monitoring,
        indicators_sheet,
    ),
    Register(
        "findings",
        "befunde",
        ("Befunde", "Findings"),
        "What was looked into, by which methods, and what was found.",
        findings,
        Findings,
        findings_sheet,
    ),
    Register(
        "participation",
        "beteiligung",
        ("Beteiligung", "Participation"),
        "How far which group took part in what, intended and observed.",
        participation,
        Participation,
        participation_sheet,
    ),
    Register(
        "claims",
        "widersprueche",
        ("Widersprüche", "Contradictions"),
        "Accounts that disagree, or seem to, side by side with their sources; none is picked.",
        disputes,
        list[Dispute],
        claims_sheet,
    ),
    Register(
        "meetings",
        "termine",
        ("Termine", "Meetings"),
        "Meetings announced and held, with invited, registered, attended and excused as four facts.",
        meetings,
        list[Meeting],
        meetings_sheet,
    ),
    Register(
        "attendance",
        "teilnahme",
        ("Teilnahme", "Attendance"),
        "How often each actor was invited, registered, there or excused, and when it was last there.",
        attendance,
        AttendanceRegister,
        attendance_sheet,
    ),
    Register(
        "completeness",
        "vollstaendigkeit",
        ("Vollständigkeit", "Completeness"),
        "Where dates come from, and which entries lack a source, a reason or a method.",
        completeness,
        Completeness,
        completeness_sheet,
    ),
)
"""All registers, in the order in which a reader meets them."""

CARE: Final = Register(
    "care",
    "zu-tun",
    ("Was zu tun ist", "What needs care"),
    "What waits for the office: reviews due, promises overdue, meetings not reported on, feedback without an answer,"
    " what is lacking, contradictory or still internal.",
    care,
    Care,
    care_sheet,
)
"""For the office: it has its page at the desk, and none among those of the public."""

AMENDMENTS: Final = Register(
    "amendments",
    "berichtigungen",
    ("Berichtigungen", "Corrections"),
    "What was corrected, withdrawn or erased, the newest first: what it is about, which fields changed, and why.",
    amendments,
    list[Amendment],
    amendments_sheet,
)
"""It has a page of its own, which shows what stood there before."""

EVERY: Final = (*REGISTERS, AMENDMENTS, CARE)
"""What command line and API know."""


def read(
    register: Register, service: Service, process: str, audience: Audience, times: Times
) -> tuple[Citation | Answer, Any]:
    """What a register holds. How often somebody took part is counted in the tables, all else read from the view."""
    if register.name == "attendance":
        return service.attendance(process, audience, times)
    answer = service.view(process, audience, times)
    return answer, register.read(answer.view)
