import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";

export interface Tab {
  key: string;
  label: string;
  content: () => ComponentChildren;
}

interface Props {
  // What the tabs are of, for screen readers.
  label: string;
  tabs: Tab[];
  // Where the screen keeps which one is shown; else the tabs do.
  selected?: string;
  onSelect?: (key: string) => void;
}

// Tabs as ARIA's authoring practices have them: arrow keys move between them.
export function Tabs({ label, tabs, selected, onSelect }: Props) {
  const id = useId();
  const [own, setOwn] = useState(tabs[0]?.key);
  const list = useRef<HTMLDivElement>(null);
  const shown = tabs.find((tab) => tab.key === (selected ?? own)) ?? tabs[0];
  if (!shown) return null;
  const select = (tab: Tab | undefined) => {
    if (!tab) return;
    setOwn(tab.key);
    onSelect?.(tab.key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.indexOf(shown);
    const last = tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(tabs[to]);
    (list.current?.children[to] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="tab-container">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button key={tab.key} type="button" role="tab" class="tab-button" id={`${id}-${tab.key}`} aria-controls={`${id}-panel`}
                  aria-selected={tab === shown} tabIndex={tab === shown ? 0 : -1} onClick={() => select(tab)}>
            <span>{tab.label}</span>
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.key}`} tabIndex={0}>
        {shown.content()}
      </div>
    </div>
  );
}
