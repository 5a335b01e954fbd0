// Who can sign in for the association. A key is a function's, not a person's.
import type { ApiKeyJson } from "../../gen/brobygger/access/v1/api_key_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Trouble } from "../../parts/Trouble";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";

const works = (key: ApiKeyJson): boolean => !key.revokeTime && Date.parse(key.expireTime ?? "") > Date.now();

function Stands({ apiKey: key }: { apiKey: ApiKeyJson }) {
  if (key.revokeTime) return <>{t("ownSide.key.ended")} <Day iso={key.revokeTime} /></>;
  if (!works(key)) return <>{t("ownSide.key.expired")} <Day iso={key.expireTime} /></>;
  return (
    <>
      {t("ownSide.key.until")} <Day iso={key.expireTime} />
      {" · "}{key.lastUseTime ? <>{t("ownSide.key.used")} <Day iso={key.lastUseTime} /></> : t("ownSide.key.unused")}
    </>
  );
}

export function Keys({ associationId }: { associationId: string }) {
  const keys = useCall("access.v1.JoinService/ListAssociationKeys", { associationId });
  const { run, busy, error } = useWrite("access.v1.JoinService/RevokeAssociationKey");
  const isOwn = (key: ApiKeyJson): boolean => session.me.value?.actor === `key:${key.id}`;
  const end = async (key: ApiKeyJson) => {
    if (!confirm(t(isOwn(key) ? "ownSide.key.endOwnAsk" : "ownSide.key.endAsk", { title: key.title ?? "" }))) return;
    if (await run({ apiKeyId: key.id, requestId: requestId() })) keys.reload();
  };
  return (
    <section class="card" aria-labelledby="own-access">
      <h2 id="own-access">{t("ownSide.section.access")}</h2>
      <p class="muted">{t("ownSide.key.hint")}</p>
      <Trouble error={error ?? keys.error} />
      <ul class="plain own-list">
        {(keys.data?.apiKeys ?? []).map((key) => (
          <li key={key.id}>
            <span>
              <strong dir="auto">{key.title}</strong>{isOwn(key) && ` (${t("ownSide.key.you")})`}
              <span class="own-line small muted"><Stands apiKey={key} /></span>
            </span>
            {works(key) && <Button kind="tertiary" disabled={busy} onClick={() => void end(key)}>{t("ownSide.key.end")}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}
