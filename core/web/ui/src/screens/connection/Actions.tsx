import type { PlannedActionJson, FieldChangeJson } from "../../gen/brobygger/sync/v1/plan_pb";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { numberText } from "../../parts/Number";
import { t, word } from "../../state/texts";
import { fieldText, valueText } from "./words";

// How terraform and the command line mark it: new, changed, gone, the same, for a person.
const signs: Record<string, [string, string]> = {
  KIND_CREATE: ["+", "new"], KIND_SOURCE_CREATE: ["+", "new"], KIND_UPDATE: ["~", "changed"], KIND_SOURCE_UPDATE: ["~", "changed"],
  KIND_DELETE: ["−", "gone"], KIND_UNLINK: ["−", "gone"], KIND_LINK: ["=", "link"],
};

// Why the record belongs where it does, where that is more than a number.
function standing(action: PlannedActionJson): string {
  const score = numberText(Number(action.matchScore ?? 0), { signDisplay: "exceptZero", maximumFractionDigits: 1 });
  const told = action.toldOfficialName;
  const why = ["match", "ask", "branch"].includes(action.linkReason ?? "")
    ? word(`connection.standing.${action.linkReason}`, "").replace("{other}", action.otherOfficialName ?? "").replace("{score}", score)
    : "";
  return [why, told && t("connection.told", { name: told })].filter(Boolean).join("; ");
}

function Change({ change, atSource }: { change: FieldChangeJson; atSource: boolean }) {
  const remarks = [
    atSource && t("connection.atSource"),
    change.conflict && t(change.fight ? "connection.fight" : "connection.choose"),
    change.decides && word(`connection.decides.${change.decides.replace(" ", "_")}`, ""),
    change.overrules && t("connection.kept"),
  ].filter(Boolean);
  if (change.conflict && change.path === "hub.association_id") {
    return <li class="change"><span>{t("connection.twins", { records: change.newValue ?? "" })}</span></li>;
  }
  return (
    <li class="change">
      <span class="strong">{fieldText(change.path)}</span>
      <span>
        <span class="sr-only">{t("connection.from")} </span><del><Name>{valueText(change.path, change.oldValue)}</Name></del>
        <span aria-hidden="true"> → </span>
        <span class="sr-only"> {t("connection.to")} </span><ins><Name>{valueText(change.path, change.newValue)}</Name></ins>
        {remarks.length > 0 && <span class="small muted"> ({remarks.join("; ")})</span>}
      </span>
    </li>
  );
}

function Action({ action, outcome }: { action: PlannedActionJson; outcome?: string }) {
  const kind = action.kind ?? "";
  const [sign, tone] = signs[kind] ?? ["?", "ask"];
  const asked = action.linkReason === "ask";
  // What is new says enough by its name; its fields can be unfolded.
  const isNew = tone === "new";
  const changes = (
    <ul class="plain changes">
      {(action.changes ?? []).map((each) => <Change key={each.path} change={each} atSource={false} />)}
      {(action.sourceChanges ?? []).map((each) => <Change key={`source ${each.path}`} change={each} atSource />)}
    </ul>
  );
  const some = Boolean(action.changes?.length || action.sourceChanges?.length);
  return (
    <li class={`action action-${asked ? "ask" : tone}`}>
      <span class="action-sign" aria-hidden="true">{asked ? "?" : sign}</span>
      <div>
        <span class="strong">{word(`connection.kind.${kind}`, kind)}: </span>
        {action.associationId
          ? <Link to={`/foreninger/${action.associationId}`}><Name>{action.officialName}</Name></Link>
          : <Name>{action.officialName}</Name>}
        {action.externalId && <span class="muted"> · {t("connection.record", { id: action.externalId })}</span>}
        {standing(action) && <div>{standing(action)}</div>}
        {outcome && word(`connection.outcome.${outcome}`, "") && <div class="amber">{word(`connection.outcome.${outcome}`, "")}</div>}
        {some && (isNew ? <details><summary>{t("connection.fieldsOf")}</summary>{changes}</details> : changes)}
      </div>
    </li>
  );
}

// What a plan would do, or what a run did, in its order.
export function Actions({ actions, outcomes }: { actions: PlannedActionJson[]; outcomes?: (string | undefined)[] }) {
  return (
    <ul class="plain actions">
      {actions.map((each, i) => <Action key={`${each.kind} ${each.externalId ?? each.associationId ?? i}`} action={each} outcome={outcomes?.[i]} />)}
    </ul>
  );
}
