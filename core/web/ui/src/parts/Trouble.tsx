import type { ApiError } from "../api/errors";
import { sentenceOf } from "../api/sentences";
import { t } from "../state/texts";
import { Alert } from "./Alert";
import { Button } from "./Button";

// What went wrong, in the person's language, and what to do; nothing where nothing did. The
// reason is for whoever is asked for help.
export function Trouble({ error, retry }: { error: ApiError | undefined; retry?: () => void }) {
  if (!error || error.code === "canceled") return null;
  return (
    <Alert tone="error" title={t("errors.title")}>
      <p>{sentenceOf(error)}</p>
      {error.reason && <p class="small">{t("errors.reason", { reason: error.reason })}</p>}
      {retry && error.code !== "permission_denied" && <Button kind="secondary" onClick={retry}>{t("common.retry")}</Button>}
    </Alert>
  );
}
