// The picture of up to three rounds on eight axes. The table beside it holds the same numbers.
import type { ResourceCheckJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { t } from "../../state/texts";
import { axisLines, kTopics, meanOf } from "./words";
import { dayText } from "../../parts/Day";

const kWidth = 360;
const kHeight = 304;
const kMiddle = { x: kWidth / 2, y: 152 };
const kRadius = 94;
const kHighest = 5;
const kLabelGap = 8;
const kLineHeight = 16;

interface Point {
  x: number;
  y: number;
}

function at(axis: number, value: number, gap = 0): Point {
  const angle = (axis / kTopics.length) * 2 * Math.PI - Math.PI / 2;
  const far = (value / kHighest) * kRadius + gap;
  return { x: kMiddle.x + far * Math.cos(angle), y: kMiddle.y + far * Math.sin(angle) };
}

const text = (point: Point): string => `${point.x.toFixed(1)},${point.y.toFixed(1)}`;

function Axis({ axis }: { axis: number }) {
  const end = at(axis, kHighest);
  const label = at(axis, kHighest, kLabelGap);
  const lines = axisLines(kTopics[axis] ?? "");
  const aside = Math.round(label.x - kMiddle.x);
  const anchor = aside === 0 ? "middle" : aside > 0 ? "start" : "end";
  // Above the picture the last line is next to it, below it the first, at the sides the middle.
  const below = (label.y - kMiddle.y) / (kRadius + kLabelGap);
  const first = label.y + 5 - ((1 - below) / 2) * (lines.length - 1) * kLineHeight + below * 4;
  return (
    <g>
      <line class="radar-axis" x1={kMiddle.x} y1={kMiddle.y} x2={end.x} y2={end.y} />
      <text class="radar-label" text-anchor={anchor}>
        {lines.map((line, i) => (
          <tspan key={line} x={label.x} y={first + i * kLineHeight}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  );
}

const kRings = [1, 2, 3, 4, 5];

function Rings() {
  return <>{kRings.map((value) => <polygon key={value} class="radar-ring" points={kTopics.map((_, i) => text(at(i, value))).join(" ")} />)}</>;
}

// The rings' values, between the first two axes, where no mark stands.
function Values() {
  return (
    <>
      {kRings.map((value) => {
        const point = at(0.5, value * Math.cos(Math.PI / kTopics.length));
        return <text key={value} class="radar-value" text-anchor="middle" x={point.x} y={point.y + 4}>{value}</text>;
      })}
    </>
  );
}

// A line a stretch: where a topic was not answered there is nothing to draw.
function stretches(check: ResourceCheckJson): string {
  const values = kTopics.map((topic) => meanOf(check, topic));
  if (values.every((value) => value !== undefined)) {
    return `M${values.map((value, i) => text(at(i, value ?? 0))).join("L")}Z`;
  }
  let path = "";
  for (let i = 0; i <= values.length; ++i) {
    const axis = i % values.length;
    const value = values[axis];
    const before = values[(i + values.length - 1) % values.length];
    if (value === undefined) continue;
    path += `${i > 0 && before !== undefined ? "L" : "M"}${text(at(axis, value))}`;
  }
  return path;
}

function Mark({ shape, point }: { shape: number; point: Point }) {
  if (shape === 0) return <circle cx={point.x} cy={point.y} r="4.5" />;
  if (shape === 1) return <rect x={point.x - 4} y={point.y - 4} width="8" height="8" />;
  return <path d={`M${point.x},${point.y - 5}l5,9h-10z`} />;
}

// `shape` 0 is the newest round.
function Round({ check, shape }: { check: ResourceCheckJson; shape: number }) {
  return (
    <g class={`radar-round radar-round-${shape}`}>
      <path class="radar-line" d={stretches(check)} />
      {kTopics.map((topic, i) => {
        const value = meanOf(check, topic);
        return value === undefined ? null : <Mark key={topic} shape={shape} point={at(i, value)} />;
      })}
    </g>
  );
}

function Key({ check, shape }: { check: ResourceCheckJson; shape: number }) {
  return (
    <li>
      <svg class={`radar-key radar-round radar-round-${shape}`} viewBox="0 0 44 14" aria-hidden="true">
        <path class="radar-line" d="M2,7H42" />
        <Mark shape={shape} point={{ x: 22, y: 7 }} />
      </svg>
      {dayText(check.date ?? "")}
    </li>
  );
}

// `checks`: the oldest first, as the hub tells them.
export function Radar({ checks }: { checks: ResourceCheckJson[] }) {
  const shapeOf = (i: number): number => checks.length - 1 - i;
  return (
    <figure class="radar">
      <svg viewBox={`0 0 ${kWidth} ${kHeight}`} role="img" aria-label={t("resourceCheck.picture", { n: checks.length })}>
        <Rings />
        {kTopics.map((topic, i) => (
          <Axis key={topic} axis={i} />
        ))}
        {checks.map((check, i) => (
          <Round key={check.id} check={check} shape={shapeOf(i)} />
        ))}
        <Values />
      </svg>
      <figcaption>
        <ul class="plain radar-keys">
          {checks.map((check, i) => (
            <Key key={check.id} check={check} shape={shapeOf(i)} />
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
