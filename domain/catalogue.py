"""All step types, by their lasting names."""

from typing import Annotated, Final, get_args

from pydantic import Field

from domain import (
    actors,
    commitments,
    decisions,
    feedback,
    findings,
    meetings,
    monitoring,
    plan,
    process,
    scenarios,
    structure,
)

Told = (
    process.ProcessOpened
    | process.ProcessClosed
    | process.PhaseBegun
    | process.PhaseEnded
    | process.FundingGranted
    | process.ContextNoted
    | process.InstrumentIntroduced
    | process.InstrumentEnded
    | process.DocumentAdded
    | actors.ActorRegistered
    | actors.ActorRedescribed
    | actors.RoleAssigned
    | actors.RoleEnded
    | structure.StructurePlanned
    | structure.LevelEstablished
    | structure.LevelDropped
    | structure.AllianceFounded
    | structure.GroupFormed
    | structure.ReallaborInitiated
    | structure.ReallaborSpunOff
    | structure.BodyEnded
    | structure.BodyReattached
    | structure.BodyChanged
    | structure.BodiesMerged
    | structure.BodySplit
    | structure.ThemeIdentified
    | structure.ThemeRetired
    | feedback.FeedbackReceived
    | feedback.FeedbackAnswered
    | meetings.MeetingPlanned
    | meetings.MeetingChanged
    | meetings.MeetingHeld
    | findings.AssessmentConducted
    | findings.FindingRecorded
    | findings.ClaimDisputed
    | findings.ParticipationRated
    | decisions.DecisionTaken
    | decisions.DecisionDeferred
    | decisions.PreferenceStated
    | decisions.QuestionLeftOpen
    | scenarios.CriteriaSet
    | scenarios.ScenarioDrafted
    | scenarios.ScenarioAssessed
    | scenarios.ScenarioChosen
    | scenarios.ScenarioRejected
    | plan.GoalAdopted
    | plan.GoalRevised
    | plan.MeasurePlanned
    | plan.MeasureReported
    | plan.PlanAdopted
    | commitments.CommitmentMade
    | commitments.CommitmentSettled
    | monitoring.IndicatorDefined
    | monitoring.IndicatorSelected
    | monitoring.IndicatorDropped
    | monitoring.IndicatorMeasured
)
"""What can be told of the process itself; entries about entries stand in `domain/publication.py`."""

ToldStep = Annotated[Told, Field(discriminator="type")]

TOLD: Final = {cls.model_fields["type"].default: cls for cls in get_args(Told)}
