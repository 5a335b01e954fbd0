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
  const onCancel = (event: Event) => {
    event.preventDefault();
    onClose?.();
  };
  return (
    <dialog class={wide ? "dialog dialog-wide" : "dialog"} ref={element} aria-labelledby={id} onCancel={onCancel}>
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
