"""The tables of the programs app, a file for each thing."""

from programs.models.content import ContentAudience, ContentItem, ContentReading, ContentVersion
from programs.models.contents import PlannedIncentive, ProgramContent
from programs.models.enrolment import Enrolment, StageOpened, StepDone
from programs.models.program import Condition, Program, ProgramPath, Stage
from programs.models.progress import Attempt, ModuleDone, Take
from programs.models.reach import ContentReach
from programs.models.steps import ProgramStep
from programs.models.tiers import Criterion, EnteredFigure, Move, Snapshot
from programs.models.training import Module, Path, PathModule, Quiz

__all__ = [
    "Attempt",
    "Condition",
    "ContentAudience",
    "ContentItem",
    "ContentReach",
    "ContentReading",
    "ContentVersion",
    "Criterion",
    "Enrolment",
    "EnteredFigure",
    "Module",
    "ModuleDone",
    "Move",
    "Path",
    "PathModule",
    "PlannedIncentive",
    "Program",
    "ProgramContent",
    "ProgramPath",
    "ProgramStep",
    "Quiz",
    "Snapshot",
    "Stage",
    "StageOpened",
    "StepDone",
    "Take",
]
