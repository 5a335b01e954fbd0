import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Tag, type Tone } from "../../parts/Tag";
import { t } from "../../state/texts";
import { pairRows, type Likeness } from "./pair";

const tones: Record<Likeness, Tone> = { same: "good", near: "good", partly: "good", other: "warn", missing: "neutral" };

interface Props {
  left: AssociationJson;
  right: AssociationJson;
  titleOf: (connectionId: string) => string;
}

function Values({ values }: { values: string[] }) {
  if (!values.length) return <span class="muted">{t("review.nothing")}</span>;
  return <>{values.map((value) => <div key={value}><Name>{value}</Name></div>)}</>;
}

function Head({ association, titleOf }: { association: AssociationJson; titleOf: Props["titleOf"] }) {
  const sources = new Set((association.provenance ?? []).map((each) => (each.connectionId ? titleOf(each.connectionId) : t("review.typed"))));
  return (
    <>
      <Link to={`/foreninger/${association.id}`}><Name>{association.officialName}</Name></Link>
      <div class="small muted weight-normal">{[...sources].join(", ")}</div>
    </>
  );
}

// The two records side by side. How far a field is the same is told in words; the colour repeats it.
export function Pair({ left, right, titleOf }: Props) {
  return (
    <table class="pair">
      <caption class="sr-only">{t("review.pair")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("review.fieldHead")}</th>
          <th scope="col"><Head association={left} titleOf={titleOf} /></th>
          <th scope="col"><Head association={right} titleOf={titleOf} /></th>
        </tr>
      </thead>
      <tbody>
        {pairRows(left, right).map((row) => (
          <tr key={row.label} class={`pair-${tones[row.likeness]}`}>
            <th scope="row">
              {row.label}
              {row.likeness !== "missing" && <div><Tag tone={tones[row.likeness]}>{t(`review.likeness.${row.likeness}`)}</Tag></div>}
            </th>
            <td><Values values={row.left} /></td>
            <td><Values values={row.right} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
