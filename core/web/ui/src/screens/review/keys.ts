// Keys for answers. WCAG 2.1.4: a key without Ctrl can be switched off, and does nothing while
// somebody types.
import { useEffect, useState } from "preact/hooks";

export function useKeySwitch(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(localStorage.getItem("reviewKeys") !== "off");
  return [on, (to) => {
    localStorage.setItem("reviewKeys", to ? "on" : "off");
    setOn(to);
  }];
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable) &&
    (target as HTMLInputElement).type !== "checkbox";
}

// Calls the action of a key that is pressed alone; keys are lower case.
export function useKeys(on: boolean, actions: Record<string, () => void>): void {
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const action = actions[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  });
}
