"""A process in short: what the list of processes, the first page of one and the API say of it."""

from pydantic import Field

from domain.meaning import PROCESS
from domain.process import ProcessOpened
from domain.view import View, once
from projections.telling import Name, Occurred, Shown, name, occurred


class Summary(Shown):
    """What a process is called, what it is for, and where it stands."""

    name: Name
    city: str | None = Field(examples=["Bottrop"])
    purpose: str | None = Field(examples=["Partizipative Wirtschaftsförderung erproben"])
    zone: str = Field(description="the time zone that its days are days of", examples=["Europe/Berlin"])
    began: Occurred | None = Field(description="when the process was opened")
    closed: bool = Field(description="ended by the day of the view, for certain")
    phases: list[Name] = Field(description="phases under way")
    bodies: int = Field(description="how many bodies there are", examples=[4])
    entries: int = Field(description="how many entries it rests on", examples=[72])
    undetermined: int = Field(description="how many entries may have happened by the day, and may not", examples=[3])


@once
def summary(view: View) -> Summary:
    """The process on the view's day; before anything was recorded it has not even a name."""
    process = view.state.get(PROCESS)
    opened = view.form(process.founded).telling.step if process is not None else None
    stated = opened if isinstance(opened, ProcessOpened) else None
    until = view.until(process) if process is not None else None
    counted = {id_: subject.kind for id_, subject in view.state.items() if view.counted(id_)}
    return Summary(
        name=name(view, PROCESS),
        city=stated.city if stated else None,
        purpose=stated.purpose if stated else None,
        zone=str(view.effective.zone),
        began=occurred(view, view.form(process.founded)) if process is not None else None,
        closed=until is not None and until.last <= view.day,
        phases=[name(view, id_) for id_, kind in counted.items() if kind == "phase"],
        bodies=sum(1 for kind in counted.values() if kind == "body"),
        entries=len(view.effective.entries),
        undetermined=len(view.undetermined),
    )
