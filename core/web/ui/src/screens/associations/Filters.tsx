// What to look for.
import type { SearchAssociationsResponseJson } from "../../gen/brobygger/search/v1/search_service_pb";
import { Checkbox } from "../../parts/Checkbox";
import { Field } from "../../parts/Field";
import { Name } from "../../parts/Name";
import { Select } from "../../parts/Select";
import { TextInput } from "../../parts/TextInput";
import { t } from "../../state/texts";
import type { Department } from "../whoKnows/matrix";
import { foldName } from "../whoKnows/words";
import { kNoFilter, type Filter } from "./query";
import { languageText, themeText } from "./words";

interface Props {
  filter: Filter;
  set: (fields: Partial<Filter>) => void;
  told: SearchAssociationsResponseJson | undefined;
  departments: Department[];
  // Whether it is known with whom nobody has contact.
  mayBlank: boolean;
}

function countsOf(told: SearchAssociationsResponseJson | undefined, field: string) {
  return told?.facets?.find((facet) => facet.field === field)?.counts ?? [];
}

// The values there are among the hits, with how many; what is chosen stays one of them.
function optionsOf(told: Props["told"], field: string, chosen: string, label: (value: string) => string) {
  const values = countsOf(told, field).map(({ value = "", count }) => ({ value, label: `${label(value)} (${count})` }));
  if (chosen && !values.some(({ value }) => value === chosen)) values.unshift({ value: chosen, label: label(chosen) });
  return [{ value: "", label: t("common.all") }, ...values];
}

const placesText = (n: string) => t("associations.places", { n });

// Languages are told by codes, so their names are found here: "arab" offers those who speak Arabic.
function Languages({ filter, set, told }: Pick<Props, "filter" | "set" | "told">) {
  const typed = foldName(filter.text.trim());
  if (typed.length < 3 || filter.language) return null;
  const fitting = countsOf(told, "language").filter(({ value = "" }) => foldName(languageText(value)).startsWith(typed)).slice(0, 3);
  if (fitting.length === 0) return null;
  return (
    <p class="row">
      {fitting.map(({ value = "" }) => (
        <button key={value} type="button" class="link-button" onClick={() => set({ language: value, text: "" })}>
          {t("associations.speaks", { language: languageText(value) })}
        </button>
      ))}
    </p>
  );
}

export function Filters({ filter, set, told, departments, mayBlank }: Props) {
  return (
    <form role="search" aria-label={t("associations.search")} class="no-print" onSubmit={(event) => event.preventDefault()}>
      <div class="filters">
        <Field label={t("associations.search")} wide>
          <TextInput type="search" value={filter.text} onValue={(text) => set({ text })} autocomplete="off" spellcheck={false} dir="auto" />
        </Field>
        <Field label={t("associations.knownBy")} wide>
          <Select value={filter.knownBy} onValue={(knownBy) => set({ knownBy, blank: false })}
                  options={[{ value: "", label: t("common.all") }, ...departments.map((each) => ({ value: each.id, label: each.name }))]} />
        </Field>
        <Field label={t("associations.theme")} wide>
          <Select value={filter.theme} onValue={(theme) => set({ theme })} options={optionsOf(told, "theme", filter.theme, themeText)} />
        </Field>
        <Field label={t("associations.area")} wide>
          <Select value={filter.area} onValue={(area) => set({ area })} options={optionsOf(told, "area", filter.area, (area) => area)} />
        </Field>
        <Field label={t("associations.activity")} wide>
          <Select value={filter.activity} onValue={(activity) => set({ activity })} options={optionsOf(told, "activity", filter.activity, (title) => title)} />
        </Field>
        <Field label={t("associations.capacity")} wide>
          <Select value={filter.capacity} onValue={(capacity) => set({ capacity })} options={optionsOf(told, "capacity", filter.capacity, placesText)} />
        </Field>
      </div>
      <Languages filter={filter} set={set} told={told} />
      {mayBlank && (
        <Checkbox label={t("associations.onlyBlank")} checked={filter.blank} onValue={(blank) => set({ blank, ...(blank && { knownBy: "" }) })} />
      )}
    </form>
  );
}

// What is chosen, each with its own way out.
export function Chips({ filter, set, departments }: Pick<Props, "filter" | "set" | "departments">) {
  const chips: [keyof Filter, string][] = [
    ["knownBy", filter.knownBy && t("associations.chips.knownBy", { name: departments.find((each) => each.id === filter.knownBy)?.name ?? "…" })],
    ["theme", filter.theme && themeText(filter.theme)],
    ["language", filter.language && t("associations.chips.language", { language: languageText(filter.language) })],
    ["area", filter.area],
    ["activity", filter.activity],
    ["capacity", filter.capacity && t("associations.chips.capacity", { n: filter.capacity })],
    ["blank", filter.blank ? t("associations.noContact") : ""],
  ];
  const shown = chips.filter(([, text]) => text);
  if (shown.length === 0) return null;
  return (
    <ul class="plain chips" aria-label={t("associations.chips.title")}>
      {shown.map(([key, text]) => (
        <li key={key}>
          <button type="button" class="tag" onClick={() => set({ [key]: kNoFilter[key] })}>
            <span class="sr-only">{t("common.remove")} </span><Name>{text}</Name><span class="chip-cross" aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      <li><button type="button" class="link-button" onClick={() => set(kNoFilter)}>{t("associations.chips.clear")}</button></li>
    </ul>
  );
}
