import { t } from "../state/texts";

// Shown while something is fetched; `what` says what, in words.
export function Loading({ what }: { what?: string }) {
  return (
    <div class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {what ?? t("common.loading")}
    </div>
  );
}
