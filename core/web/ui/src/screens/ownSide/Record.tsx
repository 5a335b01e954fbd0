// A part of the record: what stands in it, who says so, and whether it is right.
import { useState } from "preact/hooks";
import type { AssociationJson, ConfirmationJson } from "../../gen/brobygger/registry/v1/association_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Icon } from "../../parts/Icon";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { t, word, type TextKey } from "../../state/texts";
import { Correct } from "./Correct";
import { fieldTitle, kSections, linesOf, sayingsOf, type Saying } from "./fields";

const sideWord = (perspective: string | undefined): string =>
  word(`ownSide.by.${(perspective ?? "").slice("PERSPECTIVE_".length)}`, "");

// What people call a connection.
type SourceOf = (connectionId: string) => string;

const sourceText = (connectionId: string, sourceOf: SourceOf): string => (connectionId ? sourceOf(connectionId) : t("ownSide.by.MUNICIPALITY"));

// Those who say what stands there, in one line; whoever says something else, in a line each.
function SaidBy({ sayings, sourceOf }: { sayings: Saying[]; sourceOf: SourceOf }) {
  const same = sayings.filter((each) => each.other === undefined);
  return (
    <>
      {same.length > 0 && (
        <p class="small muted said-by">
          {t("ownSide.saidBy", { who: same.map((each) => sourceText(each.source, sourceOf)).join(t("ownSide.and")) })} · <Day iso={same.map((each) => each.time).sort().pop()} />
        </p>
      )}
      {sayings.filter((each) => each.other !== undefined).map((each) => (
        <p key={each.source + each.other} class="small said-by own-other">
          {t("ownSide.saysOther", { who: sourceText(each.source, sourceOf) })} <strong dir="auto">{each.other}</strong> · <Day iso={each.time} />
        </p>
      ))}
    </>
  );
}

function FieldRow({ association, field, lines, sourceOf, onCorrect }: {
  association: AssociationJson; field: string; lines: string[]; sourceOf: SourceOf; onCorrect: (field: string) => void;
}) {
  return (
    <li class="own-field">
      <h3>{fieldTitle(field)}</h3>
      <div class="own-value">
        {lines.map((line) => <p key={line} dir="auto">{line}</p>)}
        <SaidBy sayings={sayingsOf(association, field)} sourceOf={sourceOf} />
      </div>
      <Button kind="tertiary" class="own-correct" aria-label={t("ownSide.correctOne", { field: fieldTitle(field) })} onClick={() => onCorrect(field)}>
        {t("ownSide.correct")}
      </Button>
    </li>
  );
}

function Confirmed({ confirmations }: { confirmations: ConfirmationJson[] }) {
  if (confirmations.length === 0) return <p class="amber">{t("ownSide.neverConfirmed")}</p>;
  return (
    <>
      {confirmations.map((each) => (
        <p key={each.perspective} class="own-confirmed">
          <Icon name="check" /><span>{t("ownSide.confirmed", { who: sideWord(each.perspective) })} <Day iso={each.date} /></span>
        </p>
      ))}
    </>
  );
}

interface Props {
  association: AssociationJson;
  section: string;
  municipality: (code: string) => string;
  sourceOf: SourceOf;
  reload: () => void;
}

export function RecordSection({ association, section, municipality, sourceOf, reload }: Props) {
  const [correcting, setCorrecting] = useState<string>();
  const { run, busy, error } = useWrite("registry.v1.RegistryService/ConfirmSection");
  const fields = (kSections[section] ?? []).map((field) => ({ field, lines: linesOf(association, field, municipality) }));
  const filled = fields.filter(({ lines }) => lines.length > 0);
  const missing = fields.filter(({ lines }) => lines.length === 0).map(({ field }) => field);
  const corrected = () => {
    setCorrecting(undefined);
    reload();
  };
  const confirm = async () => {
    if (await run({ associationId: association.id, section, etag: association.etag, requestId: requestId() })) reload();
  };
  return (
    <section class="card own-section" aria-labelledby={`own-${section}`}>
      <h2 id={`own-${section}`}>{t(`ownSide.section.${section}` as TextKey)}</h2>
      {filled.length === 0 && <p class="muted">{t("ownSide.nothing")}</p>}
      <ul class="plain">
        {filled.map(({ field, lines }) => (
          <FieldRow key={field} association={association} field={field} lines={lines} sourceOf={sourceOf} onCorrect={setCorrecting} />
        ))}
      </ul>
      {missing.length > 0 && <p><button type="button" class="link-button" onClick={() => setCorrecting("")}>{t("ownSide.tellMore")}</button></p>}
      {section !== "basic" && filled.length > 0 && (
        <div class="own-confirm">
          <Confirmed confirmations={(association.confirmations ?? []).filter((each) => each.section === section)} />
          <Button busy={busy} onClick={() => void confirm()}>{t("ownSide.confirm")}</Button>
          <Trouble error={error} retry={error?.code === "aborted" ? reload : undefined} />
        </div>
      )}
      {correcting !== undefined && (
        <Correct associationId={association.id ?? ""} field={correcting} choices={correcting ? [] : missing}
                 now={filled.find((each) => each.field === correcting)?.lines.join(", ") ?? ""}
                 onClose={() => setCorrecting(undefined)} onDone={corrected} />
      )}
    </section>
  );
}
