// Lets the association in: a code that somebody on its board signs in with, shown this once.
import { useState } from "preact/hooks";
import type { JoinCodeJson } from "../../gen/brobygger/access/v1/join_code_pb";
import type { CreateJoinCodeResponseJson } from "../../gen/brobygger/access/v1/join_service_pb";
import { actorText } from "../../parts/actor";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day, dayText } from "../../parts/Day";
import { Dialog } from "../../parts/Dialog";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { dayAfter, dayOf } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { requestId, useCall, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";

// The last whole day on which a code works.
const lastDay = (code: JoinCodeJson | undefined): string => (code?.expireTime ? dayAfter(dayOf(new Date(code.expireTime)), -1) : "");

// The code stays out of the address, and so out of logs: it is typed where one signs in.
function NewCode({ made, name }: { made: CreateJoinCodeResponseJson; name: string }) {
  const [copied, setCopied] = useState(false);
  const { code = "" } = made;
  const address = location.origin;
  const day = dayText(lastDay(made.joinCode));
  const copy = async () => {
    await navigator.clipboard?.writeText(t("association.invite.message", { name, address, code, day }));
    setCopied(true);
  };
  return (
    <>
      <Alert tone="success" title={t("association.invite.made")} announce>{t("association.invite.once", { day })}</Alert>
      <p><code class="secret">{code}</code></p>
      <ol>
        <li>{t("association.invite.giveIt")}</li>
        <li>{t("association.invite.goTo")} <strong>{address}</strong></li>
        <li>{t("association.invite.type")}</li>
      </ol>
      <div class="row">
        <Button kind="secondary" onClick={() => void copy()}>{t("association.invite.copy")}</Button>
        <span role="status">{copied && t("association.invite.copied")}</span>
      </div>
    </>
  );
}

function OpenCodes({ codes, onChange }: { codes: JoinCodeJson[]; onChange: () => void }) {
  const { run, busy, error } = useWrite("access.v1.JoinService/WithdrawJoinCode");
  const withdraw = async (code: JoinCodeJson) => {
    if (!confirm(t("association.invite.withdrawAsk"))) return;
    if (await run({ joinCodeId: code.id, requestId: requestId() })) onChange();
  };
  if (codes.length === 0) return null;
  return (
    <section class="form-below">
      <h3>{t("association.invite.openCodes")}</h3>
      <Trouble error={error} />
      <ul class="plain own-list">
        {codes.map((each) => (
          <li key={each.id}>
            <span>
              {t("association.invite.madeBy", { who: actorText(each.createdBy) })} <Day iso={each.createTime} />
              <span class="own-line small muted">{t("association.invite.until")} <Day iso={lastDay(each)} /></span>
            </span>
            <Button kind="tertiary" disabled={busy} onClick={() => void withdraw(each)}>{t("association.invite.withdraw")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// When somebody of the association came in with a code last.
function CameIn({ codes }: { codes: JoinCodeJson[] }) {
  const newest = codes.map((each) => each.useTime ?? "").sort().pop();
  return newest ? <p>{t("association.invite.cameIn")} <Day iso={newest} />.</p> : null;
}

export function Invite({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const list = useCall("access.v1.JoinService/ListJoinCodes", { associationId: id });
  const create = useWrite("access.v1.JoinService/CreateJoinCode");
  const [made, setMade] = useState<CreateJoinCodeResponseJson>();
  const codes = list.data?.joinCodes ?? [];
  const make = async () => {
    const answer = await create.run({ associationId: id });
    if (!answer) return;
    setMade(answer);
    list.reload();
  };
  const others = codes.filter((each) => each.state === "STATE_OPEN" && each.id !== made?.joinCode?.id);
  return (
    <Dialog title={t("association.invite.open")} onClose={onClose} wide>
      <p><strong><Name>{name}</Name></strong></p>
      {made ? <NewCode made={made} name={name} /> : <p>{t("association.invite.text")}</p>}
      <CameIn codes={codes} />
      <Trouble error={create.error} />
      {!made && <Button busy={create.busy} onClick={() => void make()}>{t("association.invite.make")}</Button>}
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      <OpenCodes codes={others} onChange={list.reload} />
    </Dialog>
  );
}
