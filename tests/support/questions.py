"""A small question of each sort for the pure parts; the shipped bank is tested through the real loader."""

from voicecoach.content.model import Beat, Contrast, Point, Question, Structure

STRUCTURE = Structure(
    "concept",
    "Concept",
    (
        Beat("define", "Define", 0.5, ("it means that something holds",)),
        Beat("fix", "Fix", 0.5, ("to fix it I would do this",)),
    ),
)

CONCEPT = Question(
    id="precision-vs-recall",
    title="Precision and recall",
    text="What is the difference between precision and recall?",
    kind="fundamentals",
    area="evaluation",
    level="easy",
    roles=("mle",),
    structure=STRUCTURE,
    target_s=(60.0, 90.0),
    points=(
        Point(
            "precision",
            "Define precision",
            "define",
            2.0,
            (
                "precision is the share of predicted positives that are right",
                "of all alarms how many were real",
            ),
            (Contrast(("precision is the share of real positives that were found",), "That is recall."),),
        ),
        Point(
            "threshold",
            "Move the threshold",
            "fix",
            1.0,
            ("raise the threshold to get fewer false alarms", "set the cut-off by what each error costs"),
        ),
    ),
)

STORY = Question(
    id="project-walkthrough",
    title="Project walkthrough",
    text="Walk me through a project.",
    kind="story",
    area="behavioural",
    level="medium",
    roles=("mle",),
    structure=STRUCTURE,
    target_s=(60.0, 90.0),
    points=(Point("owned", "Say what you did", "define", 1.0, ("I built the pipeline myself",)),),
)
