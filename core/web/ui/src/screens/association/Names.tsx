// Names, numbers and relations, and where each comes from.
import type { AssociationRelationJson } from "../../gen/brobygger/registry/v1/municipality_pb";
import { Ago } from "../../parts/Ago";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";
import { Fact, type About } from "./Fact";

// The other side of a relation, seen from `id`.
function Relation({ relation, id }: { relation: AssociationRelationJson; id: string }) {
  const outward = relation.fromAssociationId === id;
  const other = (outward ? relation.toAssociationId : relation.fromAssociationId) ?? "";
  const told = useCall("registry.v1.RegistryService/GetAssociation", { associationId: other });
  const kind = (relation.kind ?? "").replace("KIND_", "");
  return (
    <li>
      {word(`association.relations.${outward ? "to" : "from"}.${kind}`, kind)}{" "}
      <Link to={`/foreninger/${other}`}><Name>{told.data?.association?.officialName ?? "…"}</Name></Link>
    </li>
  );
}

function Relations({ id }: { id: string }) {
  const told = useCall("registry.v1.RegistryService/ListRelations", { associationId: id });
  const relations = told.data?.relations ?? [];
  return (
    <section>
      <h2>{t("association.relations.title")}</h2>
      <Trouble error={told.error} retry={told.reload} />
      {told.data && relations.length === 0 && <p class="muted">{t("association.relations.none")}</p>}
      <ul>{relations.map((relation) => <Relation key={relation.id} relation={relation} id={id} />)}</ul>
    </section>
  );
}

// Which systems told of it, and under which key there.
function Sources({ association, nameOf }: About) {
  const rows = (association.provenance ?? []).map((each, i) => ({
    key: String(i),
    cells: [<Name>{nameOf(each)}</Name>, each.externalId, <Ago iso={each.registeredTime} />, each.paths?.length ?? 0, Object.keys(each.otherValues ?? {}).length],
  }));
  return (
    <section>
      <h2>{t("association.sources.title")}</h2>
      <p>{t("association.sources.text")}</p>
      <Table quiet caption={t("association.sources.title")} numeric={[3, 4]} rows={rows}
             head={[t("association.sources.source"), t("association.sources.key"), t("association.sources.told"),
                    t("association.sources.agreed"), t("association.sources.else")]} />
    </section>
  );
}

export function Names(about: About) {
  const { association } = about;
  return (
    <>
      <dl class="facts">
        <Fact {...about} field="official_name" label={t("association.fields.official_name")}><Name>{association.officialName}</Name></Fact>
        <Fact {...about} field="other_names" label={t("association.fields.other_names")}>
          {association.otherNames?.length ? association.otherNames.map((name) => (
            <div key={name.text}>
              <Name>{name.text}</Name> <span class="muted">{word(`association.nameKinds.${(name.kind ?? "").replace("KIND_", "")}`, "")}</span>
            </div>
          )) : undefined}
        </Fact>
        {(association.identifiers ?? []).map((number) => (
          <Fact key={`${number.scheme}${number.value}`} {...about} field={`identifiers.${number.scheme}`}
                label={word(`association.schemes.${number.scheme}`, number.scheme ?? "")}>
            <span class="number">{number.value}</span>
          </Fact>
        ))}
        {(["purpose", "offers", "wishes"] as const).map((field) => (
          <Fact key={field} {...about} field={field} label={t(`association.fields.${field}`)}>
            {association[field] && Object.entries(association[field].byLanguage ?? {}).map(([language, text]) => (
              <div key={language} lang={language} dir="auto">{text}</div>
            ))}
          </Fact>
        ))}
      </dl>
      {association.provenance && <Sources {...about} />}
      {session.seesInternal && <Relations id={association.id ?? ""} />}
    </>
  );
}
