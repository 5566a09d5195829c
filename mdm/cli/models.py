"""`mdm label` and `mdm train`: asking a person about pairs, key by key, and learning from the answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import Labelling, Trained, Watch, find_questions, open_project, operator, save_model, train
from mdm.cli import show
from mdm.cli.asking import ANSWERS, KEYS, read_key, show_pair
from mdm.cli.deeds import Who
from mdm.cli.options import Folder, now, settings
from mdm.errors import SettingsInvalid

HERE: Final = Path()
LABELS: Final = "labels.csv"
OWN_MODEL: Final = Path("models") / "own.json"
LABEL_STAGES: Final = 5
TRAIN_STAGES: Final = 4

LabelsFile = Annotated[
    Path | None, typer.Option("--labels", help="CSV of labels.", show_default="labels.csv in the project")
]


def label_command(
    folder: Folder = HERE,
    count: Annotated[int, typer.Option("--n", min=1, max=10_000, help="How many pairs to ask about.")] = 20,
    labels: LabelsFile = None,
    who: Who = "",
) -> None:
    """Ask about the pairs that teach most; answers go to labels.csv and change no customer."""
    path = labels or folder / LABELS
    with show.Bars(LABEL_STAGES) as bars:
        questions = find_questions(open_project(folder, settings()), settings(), path, Watch(bars), count=count)
    if not questions:
        show.done("There is no pair left to ask about.")
        return
    asking = Labelling(questions, path, operator(os.environ, who).name, now)
    _ask(asking)
    agreed, sure = asking.agreed
    if sure:
        show.lines(["", f"The model would have said the same in {agreed} of {sure} answers."])
    show.done(f"{len(asking.answers)} answers saved in {path}. Next: mdm train {folder}")


def _ask(asking: Labelling) -> None:
    shown = -1
    while asked := asking.current:
        if asking.place != shown:
            show_pair(asked.names, asked.sheet, f"{asking.place + 1} of {len(asking.questions)}")
            shown = asking.place
        key = read_key()
        if key == "q":
            return
        if key in ANSWERS:
            asking.answer(ANSWERS[key])
            show.lines([f"  {ANSWERS[key].replace('_', ' ')}, saved"])
        elif key == "s":
            asking.skip()
        elif key == "b":
            show.lines(["  back to the pair before" if asking.back() else "  This is the first pair."])
        else:
            show.lines([f"  {KEYS}"])


def train_command(
    folder: Folder = HERE,
    labels: LabelsFile = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The new model.", show_default="models/own.json in the project")
    ] = None,
    start: Annotated[Path | None, typer.Option("--start", help="Begin with this model, not the shipped one.")] = None,
) -> None:
    """Learn a match model from labels and from every steward's decision; say what it gains on labels held out."""
    path = labels or (folder / LABELS if (folder / LABELS).exists() else None)
    if labels and not labels.exists():
        raise SettingsInvalid(f"There is no file {labels}.", "Make one with mdm label, or name another: --labels.")
    with show.Bars(TRAIN_STAGES) as bars:
        trained = train(open_project(folder, settings()), path, start, Watch(bars))
    _print_trained(trained)
    target = out or folder / OWN_MODEL
    save_model(trained, target)
    inside = target.resolve().is_relative_to(folder.resolve())
    named = target.resolve().relative_to(folder.resolve()).as_posix() if inside else str(target.resolve())
    show.lines([f"To use it, write into {folder / 'rules' / 'match.yaml'}:", f"  model: {named}", ""])
    show.done(f"Model {trained.learnt.model.version} is in {target}. Next: mdm scan {folder}")


def _print_trained(trained: Trained) -> None:
    told = trained.told
    not_used = (
        f"Not used: {told.unsure} unsure, {told.overruled} against a decision, "
        f"{told.gone} with a record that is gone, {told.families} of a record and its parent."
    )
    show.notes(
        [
            f"Learnt from {told.labels} labels and {told.decisions} standing decisions.",
            not_used,
            "",
        ]
    )
    rows = []
    for p in trained.learnt.populations:
        counts = (p.kind, str(p.matches), str(p.others))
        if p.before is None or p.after is None:
            rows.append((*counts, "", "", "kept: too few answers"))
            continue
        loss = f"{p.before.log_loss:.3f} to {p.after.log_loss:.3f}"
        f1 = f"{p.before.f1:.3f} to {p.after.f1:.3f}"
        rows.append((*counts, loss, f1, "better" if p.better else "kept: not better"))
    show.table(("kind", "match", "not", "log loss", "F1", "on held-out labels"), rows)
