// Each round, how it came about, and who sees it.
import type { ResourceCheckJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Table } from "../../parts/Table";
import { Tag } from "../../parts/Tag";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { t } from "../../state/texts";
import type { Subject } from "./subject";
import { kAssociation, modeWord } from "./words";

export function Sharing({ subject, checks, reload }: { subject: Subject; checks: ResourceCheckJson[]; reload: () => void }) {
  const { run, busy, error } = useWrite("collab.v1.ResourceCheckService/ShareResourceCheck");
  const share = async (check: ResourceCheckJson) => {
    const request = { subject: subject.kind, subjectId: subject.id, resourceCheckId: check.id, shared: !check.shared, requestId: requestId() };
    if (await run(request)) reload();
  };
  const shared = t(subject.kind === kAssociation ? "resourceCheck.sharedWithMunicipality" : "resourceCheck.sharedWithAssociations");
  const head = [t("resourceCheck.day"), t("resourceCheck.how"), t("resourceCheck.whoSees")];
  return (
    <section class="section" aria-labelledby="sharing">
      <h2 id="sharing">{t("resourceCheck.sharing")}</h2>
      <p class="muted">{t(subject.own ? "resourceCheck.sharingHint" : "resourceCheck.sharingOthers")}</p>
      <Trouble error={error} />
      <Table quiet caption={t("resourceCheck.sharing")} head={subject.own ? [...head, t("resourceCheck.decide")] : head}
             rows={[...checks].reverse().map((check) => ({
               key: check.id ?? "",
               cells: [
                 <Day iso={check.date} />,
                 modeWord(check.mode),
                 <Tag tone={check.shared ? "good" : "neutral"}>{check.shared ? shared : t("resourceCheck.kept")}</Tag>,
                 ...(subject.own ? [
                   <Button kind="tertiary" disabled={busy} onClick={() => void share(check)}>
                     {t(check.shared ? "resourceCheck.unshare" : "resourceCheck.share")}
                   </Button>,
                 ] : []),
               ],
             }))} />
    </section>
  );
}
