"""Controlled vocabularies of the field, as data: each has an id, an edition, a source and words in two languages.

A fact stores the pair (scheme, term). A term is never renumbered or given another meaning: a new edition is a new
scheme. Where a scheme has an order, `ordered` says so; terms of different schemes are never converted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from domain.errors import invalid
from domain.fields import Model
from domain.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Scheme:
    """A published vocabulary. `terms` maps a lasting code to its words, in the order of the source."""

    label: Words
    edition: str
    source: str
    terms: Mapping[str, Words]
    ordered: bool = False


SCHEMES: Final[Mapping[str, Scheme]] = {
    "wright9": Scheme(
        label=("Stufenmodell der Partizipation", "Levels of participation"),
        edition="2008",
        source="Wright, Block, von Unger: Gesundheitswesen 70 (2008) 748-754, doi:10.1055/s-0028-1102955",
        ordered=True,
        terms={
            "1": ("Instrumentalisierung", "Instrumentalization"),
            "2": ("Anweisung", "Instruction"),
            "3": ("Information", "Information"),
            "4": ("Anhörung", "Consultation"),
            "5": ("Einbeziehung", "Inclusion"),
            "6": ("Mitbestimmung", "Shared decision-making"),
            "7": ("Teilweise Entscheidungskompetenz", "Partial delegation of decision-making authority"),
            "8": ("Entscheidungsmacht", "Decision-making authority"),
            "9": ("Selbstorganisation", "Community-owned initiatives"),
        },
    ),
    "iap2": Scheme(
        label=("IAP2-Spektrum der Beteiligung", "IAP2 Spectrum of Public Participation"),
        edition="5 levels; German words are ours",
        source="International Association for Public Participation, https://www.iap2.org",
        ordered=True,
        terms={
            "inform": ("Informieren", "Inform"),
            "consult": ("Konsultieren", "Consult"),
            "involve": ("Einbeziehen", "Involve"),
            "collaborate": ("Zusammenarbeiten", "Collaborate"),
            "empower": ("Ermächtigen", "Empower"),
        },
    ),
    "arnstein8": Scheme(
        label=("Leiter der Beteiligung", "Ladder of citizen participation"),
        edition="1969",
        source="Arnstein: Journal of the American Institute of Planners 35 (1969) 216-224",
        ordered=True,
        terms={
            "1": ("Manipulation (nur dem Namen nach)", "Manipulation"),
            "2": ("Therapie", "Therapy"),
            "3": ("Information der Betroffenen", "Informing"),
            "4": ("Konsultation", "Consultation"),
            "5": ("Beschwichtigung", "Placation"),
            "6": ("Partnerschaft", "Partnership"),
            "7": ("Delegierte Macht", "Delegated power"),
            "8": ("Bürgerkontrolle", "Citizen control"),
        },
    ),
    "swot": Scheme(
        label=("SWOT-Analyse", "SWOT analysis"),
        edition="4 fields",
        source="common usage in strategic planning",
        terms={
            "strength": ("Stärke", "Strength"),
            "weakness": ("Schwäche", "Weakness"),
            "opportunity": ("Chance", "Opportunity"),
            "threat": ("Risiko", "Threat"),
        },
    ),
    "bsc": Scheme(
        label=("Perspektiven der Balanced Scorecard", "Perspectives of the Balanced Scorecard"),
        edition="1992",
        source="Kaplan, Norton: Harvard Business Review 70 (1992) 71-79",
        terms={
            "financial": ("Finanzen", "Financial"),
            "customer": ("Kunden", "Customer"),
            "internal-process": ("Interne Prozesse", "Internal process"),
            "learning-and-growth": ("Lernen und Entwicklung", "Learning and growth"),
        },
    ),
    "reallabor": Scheme(
        label=("Merkmale von Reallaboren", "Characteristics of real-world labs"),
        edition="2016; English words are ours",
        source="Beecroft, Parodi (2016), as cited by Beecroft et al. (2018)",
        terms={
            "research": ("Forschungsorientierung", "Research orientation"),
            "sustainability": ("Orientierung an Nachhaltigkeit", "Orientation to sustainability"),
            "transdisciplinarity": ("Transdisziplinarität", "Transdisciplinarity"),
            "transformativity": ("Transformativität", "Transformativity"),
            "civil-society": ("Zivilgesellschaftliche Orientierung", "Civil-society orientation"),
            "long-term": ("Langfristigkeit", "Long-term orientation"),
            "laboratory": ("Laborcharakter", "Laboratory character"),
        },
    ),
    "transition-management": Scheme(
        label=("Tätigkeiten des Transition Managements", "Activities of transition management"),
        edition="2010",
        source="Loorbach: Governance 23 (2010) 161-183",
        terms={
            "strategic": ("strategisch (Leitbild, Transition-Arena)", "strategic (vision, transition arena)"),
            "tactical": ("taktisch (Agenda, Pfade, Bündnisse)", "tactical (agenda, pathways, coalitions)"),
            "operational": ("operativ (Experimente)", "operational (experiments)"),
            "reflexive": ("reflexiv (Monitoring, Auswertung)", "reflexive (monitoring, evaluation)"),
        },
    ),
    "wz-2008": Scheme(
        label=("Wirtschaftszweige, Abschnitte, Ausgabe 2008", "Economic activities, sections, edition 2008"),
        edition="WZ 2008 (NACE Rev. 2)",
        source="Statistisches Bundesamt: Klassifikation der Wirtschaftszweige, Ausgabe 2008",
        terms={
            "A": ("Land- und Forstwirtschaft, Fischerei", "Agriculture, forestry and fishing"),
            "B": ("Bergbau und Gewinnung von Steinen und Erden", "Mining and quarrying"),
            "C": ("Verarbeitendes Gewerbe", "Manufacturing"),
            "D": ("Energieversorgung", "Electricity, gas, steam and air conditioning supply"),
            "E": ("Wasserversorgung, Entsorgung, Umweltschutz", "Water supply, sewerage, waste, remediation"),
            "F": ("Baugewerbe", "Construction"),
            "G": ("Handel, Reparatur von Kraftfahrzeugen", "Wholesale and retail trade, repair of vehicles"),
            "H": ("Verkehr und Lagerei", "Transportation and storage"),
            "I": ("Gastgewerbe", "Accommodation and food service"),
            "J": ("Information und Kommunikation", "Information and communication"),
            "K": ("Finanz- und Versicherungsdienstleistungen", "Financial and insurance activities"),
            "L": ("Grundstücks- und Wohnungswesen", "Real estate activities"),
            "M": (
                "Freiberufliche, wissenschaftliche und technische Dienstleistungen",
                "Professional, scientific and technical activities",
            ),
            "N": ("Sonstige wirtschaftliche Dienstleistungen", "Administrative and support service activities"),
            "O": ("Öffentliche Verwaltung, Verteidigung, Sozialversicherung", "Public administration and defence"),
            "P": ("Erziehung und Unterricht", "Education"),
            "Q": ("Gesundheits- und Sozialwesen", "Human health and social work"),
            "R": ("Kunst, Unterhaltung und Erholung", "Arts, entertainment and recreation"),
            "S": ("Sonstige Dienstleistungen", "Other service activities"),
            "T": ("Private Haushalte", "Activities of households"),
            "U": ("Exterritoriale Organisationen", "Extraterritorial organisations"),
        },
    ),
    "wz-2025": Scheme(
        label=("Wirtschaftszweige, Abschnitte, Ausgabe 2025", "Economic activities, sections, edition 2025"),
        edition="WZ 2025 (NACE Rev. 2.1)",
        source="Statistisches Bundesamt: Klassifikation der Wirtschaftszweige, Ausgabe 2025",
        terms={
            "A": ("Land- und Forstwirtschaft, Fischerei", "Agriculture, forestry and fishing"),
            "B": ("Bergbau und Gewinnung von Steinen und Erden", "Mining and quarrying"),
            "C": ("Verarbeitendes Gewerbe", "Manufacturing"),
            "D": ("Energieversorgung", "Electricity, gas, steam and air conditioning supply"),
            "E": ("Wasserversorgung, Entsorgung, Umweltschutz", "Water supply, sewerage, waste, remediation"),
            "F": ("Baugewerbe", "Construction"),
            "G": ("Handel", "Wholesale and retail trade"),
            "H": ("Verkehr und Lagerei", "Transportation and storage"),
            "I": ("Gastgewerbe", "Accommodation and food service"),
            "J": ("Verlagswesen, Rundfunk, Erstellung von Inhalten", "Publishing, broadcasting, content production"),
            "K": (
                "Telekommunikation, Programmierung, IT-Infrastruktur, Informationsdienste",
                "Telecommunication, programming, computing infrastructure, information services",
            ),
            "L": ("Finanz- und Versicherungsdienstleistungen", "Financial and insurance activities"),
            "M": ("Grundstücks- und Wohnungswesen", "Real estate activities"),
            "N": (
                "Freiberufliche, wissenschaftliche und technische Dienstleistungen",
                "Professional, scientific and technical activities",
            ),
            "O": ("Sonstige wirtschaftliche Dienstleistungen", "Administrative and support service activities"),
            "P": ("Öffentliche Verwaltung, Verteidigung, Sozialversicherung", "Public administration and defence"),
            "Q": ("Erziehung und Unterricht", "Education"),
            "R": ("Gesundheits- und Sozialwesen", "Human health and social work"),
            "S": ("Kunst, Sport und Erholung", "Arts, sports and recreation"),
            "T": ("Sonstige Dienstleistungen", "Other service activities"),
            "U": ("Private Haushalte", "Activities of households"),
            "V": ("Exterritoriale Organisationen", "Extraterritorial organisations"),
        },
    ),
}
"""All schemes by their lasting ids."""

DEGREES: Final = ("wright9", "iap2", "arnstein8")
CATEGORIES: Final = ("swot", "bsc", "reallabor", "transition-management")
PERSPECTIVES: Final = ("bsc",)
BRANCHES: Final = ("wz-2008", "wz-2025")


class Term(Model):
    """A term of a controlled vocabulary: which scheme, and its code there."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,63}$")]
    term: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]


def _of(*schemes: str) -> Callable[[Term], Term]:
    """Accepts a term of one of these schemes."""

    def check(given: Term) -> Term:
        if given.scheme not in schemes:
            raise invalid("scheme-unknown", given=given.scheme, permitted=list(schemes))
        if given.term not in (known := SCHEMES[given.scheme].terms):
            raise invalid("term-unknown", given=given.term, scheme=given.scheme, permitted=list(known))
        return given

    return check


Degree = Annotated[Term, AfterValidator(_of(*DEGREES)), Field(json_schema_extra={"schemes": list(DEGREES)})]
"""A degree of participation, on the scale that whoever rated it used."""

Category = Annotated[Term, AfterValidator(_of(*CATEGORIES)), Field(json_schema_extra={"schemes": list(CATEGORIES)})]
"""What a finding is sorted under."""

Perspective = Annotated[
    Term, AfterValidator(_of(*PERSPECTIVES)), Field(json_schema_extra={"schemes": list(PERSPECTIVES)})
]
"""A perspective of the Balanced Scorecard."""

Branch = Annotated[Term, AfterValidator(_of(*BRANCHES)), Field(json_schema_extra={"schemes": list(BRANCHES)})]
"""The branch an actor works in, in the edition that was in use."""
