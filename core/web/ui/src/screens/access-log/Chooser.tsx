import { useState } from "preact/hooks";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { t } from "../../state/texts";

export interface Chosen {
  id: string;
  name: string;
}

// Finds an association by a part of its name. What is typed stays out of the address.
export function Chooser({ onChoose }: { onChoose: (chosen: Chosen) => void }) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  const quoted = asked.replace(/[\\"]/g, "\\$&");
  const found = useCall("registry.v1.RegistryService/ListAssociations",
                        asked ? { filter: `official_name : "${quoted}" OR other_names : "${quoted}"`, pageSize: 10 } : undefined);
  const choose = (chosen: Chosen) => {
    setTyped("");
    setAsked("");
    onChoose(chosen);
  };
  const associations = found.data?.associations ?? [];
  return (
    <>
      <form class="row row-end" onSubmit={(event) => {
        event.preventDefault();
        setAsked(typed.trim());
      }}>
        <Field label={t("accessLog.association")}><TextInput type="search" value={typed} onValue={setTyped} /></Field>
        <div class="field"><Button type="submit" kind="secondary">{t("accessLog.find")}</Button></div>
      </form>
      <Trouble error={found.error} retry={found.reload} />
      {found.loading && <Loading />}
      {asked && found.data && (
        <div role="status">
          {associations.length ? (
            <ul class="plain labels">
              {associations.map((each) => (
                <li key={each.id}>
                  <Button kind="tertiary" onClick={() => choose({ id: each.id ?? "", name: each.officialName ?? "" })}><Name>{each.officialName}</Name></Button>
                </li>
              ))}
            </ul>
          ) : <p>{t("accessLog.notFound")}</p>}
        </div>
      )}
    </>
  );
}
