import { t } from "../state/texts";
import { Button } from "./Button";
import { Icon } from "./Icon";
import type { Pages } from "./use_pages";

// Back and forth in a list; nothing where there is one page only.
export function Pager({ pages }: { pages: Pages }) {
  if (pages.page === 1 && !pages.hasNext) return null;
  return (
    <nav class="pager" aria-label={t("common.pages")}>
      <Button kind="secondary" disabled={pages.page === 1} onClick={pages.previous}><Icon name="left" />{t("common.previous")}</Button>
      <span aria-live="polite">{t("common.page", { page: pages.page })}</span>
      <Button kind="secondary" disabled={!pages.hasNext} onClick={pages.next}>{t("common.next")}<Icon name="right" /></Button>
    </nav>
  );
}
