import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../state/texts";
import { Icon } from "./Icon";

interface Props {
  title: string;
  // Undefined: it cannot be closed before something is done in it.
  onClose?: () => void;
  // Buttons at the end.
  actions?: ComponentChildren;
  wide?: boolean;
  children?: ComponentChildren;
}

// A dialog above the page, there as long as it is drawn. The browser keeps the focus inside, and
// gives it back after; Escape closes.
export function Dialog({ title, onClose, actions, wide, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      before?.focus?.();
    };
  }, []);
  // A browser closes a dialog that was asked to close twice, whatever the page says. Escape is taken
  // before that; what still closes it (a phone's way back) opens it again if it is to stay.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onClose?.();
  };
  const onCancel = (event: Event) => {
    if (event.target !== element.current) return;
    event.preventDefault();
    onClose?.();
  };
  const onClosed = () => {
    if (element.current?.isConnected && !element.current.open) element.current.showModal();
  };
  return (
    <dialog class={wide ? "dialog dialog-wide" : "dialog"} ref={element} aria-labelledby={id} onKeyDown={onKeyDown} onCancel={onCancel}
            onClose={onClosed}>
      <div class="dialog-head">
        <h2 id={id} tabIndex={-1} autoFocus>{title}</h2>
        {onClose && (
          <button type="button" class="dialog-close" onClick={onClose}>
            <Icon name="close" />{t("common.close")}
          </button>
        )}
      </div>
      {children}
      {actions && <div class="dialog-actions">{actions}</div>}
    </dialog>
  );
}
