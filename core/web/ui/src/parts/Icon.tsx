// Icons of our own, drawn with lines. Always beside a text, so hidden from screen readers.
const drawings = {
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  check: "M5 13l5 5L19 7",
  info: "M12 11v6M12 7v.1M12 21a9 9 0 1 1 0-18a9 9 0 0 1 0 18",
  warning: "M12 9v5M12 17v.1M12 3L2 20h20z",
  plus: "M12 5v14M5 12h14",
  left: "M15 5l-7 7l7 7",
  right: "M9 5l7 7l-7 7",
  download: "M12 4v11M7 11l5 5l5-5M5 20h14",
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name, class: more = "" }: { name: IconName; class?: string }) {
  return <svg class={`icon ${more}`} viewBox="0 0 24 24" aria-hidden="true"><path d={drawings[name]} /></svg>;
}
