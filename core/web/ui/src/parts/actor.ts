import { session } from "../state/session";
import { t, word } from "../state/texts";

// Who did something. People stand in logs by pseudonyms: only one's own tells anything.
export function actorText(actor = ""): string {
  if (actor === session.me.value?.actor) return t("review.yourself");
  return actor.startsWith("user:") ? t("review.colleague") : word(`connections.actor.${actor}`, actor);
}
