import type { ComponentChildren } from "preact";
import type { AssociationJson } from "../../gen/brobygger/registry/v1/association_pb";
import { Name } from "../../parts/Name";
import { t } from "../../state/texts";
import { whoSaid, type SourceName } from "./said";

export interface About {
  association: AssociationJson;
  nameOf: SourceName;
}

interface Props extends About {
  label: string;
  // As the registry names it.
  field: string;
  children?: ComponentChildren;
}

// A field, who said it, and who says something else; nothing where nobody said anything.
export function Fact({ association, nameOf, label, field, children }: Props) {
  const said = whoSaid(association, field, nameOf);
  const empty = children === undefined || children === "" || children === null || children === false;
  if (empty && said.others.length === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {children}
        {said.by.length > 0 && <p class="said">{t("association.saidBy")} {said.by.map((each, i) => <span key={each}>{i > 0 && ", "}<Name>{each}</Name></span>)}</p>}
        {said.others.map(({ source, value }) => (
          <p class="said said-other" key={source + value}><Name>{source}</Name> {t("association.saysElse")} <Name>{value}</Name></p>
        ))}
      </dd>
    </>
  );
}
