"""Medians, goals and the table that is printed."""
import dataclasses
import statistics


@dataclasses.dataclass
class Goal:
    text: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self):
        return ((self.at_least is None or self.value >= self.at_least)
                and (self.at_most is None or self.value <= self.at_most))

    @property
    def wanted(self):
        sign, limit = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        return f"{sign} {number(limit)} {self.unit}".strip()


def median(values):
    return statistics.median(values)


def ratio(ours, theirs):
    """The median of each round's ratio: both were measured within seconds of each other."""
    return median([mine / other for mine, other in zip(ours, theirs, strict=True)])


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def table(head, rows):
    cells = [head, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def goal_table(goals):
    rows = [[goal.text, f"{number(goal.value)} {goal.unit}".strip(), goal.wanted, "met" if goal.met else "MISSED"]
            for goal in goals]
    return table(["goal", "measured", "wanted", ""], rows)
