// Finds associations by a part of their name, and keeps those that were chosen.
import { useEffect, useState } from "preact/hooks";
import { useCall } from "../state/hooks";
import { t } from "../state/texts";
import { Field } from "./Field";
import { Icon } from "./Icon";
import { Name } from "./Name";
import { TextInput } from "./TextInput";
import { Trouble } from "./Trouble";

export interface Picked {
  id: string;
  name: string;
}

interface Props {
  label: string;
  hint?: string;
  chosen: Picked[];
  onChosen: (chosen: Picked[]) => void;
  // Ids that are not to be offered.
  without?: string[];
  single?: boolean;
}

const kPause = 250;
const kOffered = 6;

// `typed` once nothing was typed for a moment.
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), kPause);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}

function Chosen({ chosen, onChosen }: Pick<Props, "chosen" | "onChosen">) {
  if (chosen.length === 0) return null;
  return (
    <ul class="plain chips">
      {chosen.map((each) => (
        <li key={each.id}>
          <button type="button" class="tag" aria-label={t("collaborations.pick.remove", { name: each.name })}
                  onClick={() => onChosen(chosen.filter((one) => one !== each))}>
            <Name>{each.name}</Name> <span class="chip-cross" aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function PickAssociations({ label, hint, chosen, onChosen, without = [], single }: Props) {
  const [typed, setTyped] = useState("");
  const query = useSettled(typed.trim());
  const found = useCall("search.v1.SearchService/SearchAssociations",
                        query.length < 2 ? undefined : { query, asYouType: true, pageSize: 20 });
  const taken = new Set([...without, ...chosen.map((each) => each.id)]);
  const offered = (query.length < 2 || !typed ? [] : found.data?.hits ?? []).filter((hit) => !taken.has(hit.associationId ?? "")).slice(0, kOffered);
  const choose = (one: Picked) => {
    onChosen(single ? [one] : [...chosen, one]);
    setTyped("");
  };
  return (
    <div class="pick">
      <Chosen chosen={chosen} onChosen={onChosen} />
      {!(single && chosen.length > 0) && (
        <Field label={label} hint={hint}>
          <TextInput type="search" value={typed} onValue={setTyped} autocomplete="off" />
        </Field>
      )}
      <Trouble error={found.error} />
      <div aria-live="polite">
        {query.length >= 2 && typed && !found.loading && !found.error && offered.length === 0 && <p class="muted">{t("collaborations.pick.none")}</p>}
        <ul class="plain pick-list">
          {offered.map((hit) => (
            <li key={hit.associationId}>
              <button type="button" class="link-button pick-hit"
                      onClick={() => choose({ id: hit.associationId ?? "", name: hit.officialName ?? "" })}>
                <Icon name="plus" /> <Name>{hit.officialName}</Name>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
