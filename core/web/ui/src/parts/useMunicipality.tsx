// Whose contacts are shown: the person's own municipality; for who has none, as an operator, the
// one they choose.
import { useMemo, useState } from "preact/hooks";
import type { ApiError } from "../api/errors";
import type { DepartmentJson } from "../gen/brobygger/registry/v1/municipality_pb";
import { useMunicipalityNames } from "../state/municipalities";
import { session } from "../state/session";
import { t } from "../state/texts";
import { Field } from "./Field";
import { Select } from "./Select";
import { useDepartments } from "./use_departments";

const kKey = "municipality";

export interface Home {
  // Undefined until it is known.
  code?: string;
  // The municipality's, by name.
  departments?: DepartmentJson[];
  // More than one only for who must choose.
  codes: string[];
  choose: (code: string) => void;
  error?: ApiError;
}

// The codes, the one with most departments first: where nobody has chosen, that is home.
function codesOf(departments: DepartmentJson[]): string[] {
  const counts = new Map<string, number>();
  for (const { municipalityCode: code = "" } of departments) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts.keys()].sort((left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0));
}

export function useMunicipality(): Home {
  const own = session.me.value?.municipalityCode;
  const { all, data, error } = useDepartments();
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(kKey) ?? "");
  const codes = codesOf(all);
  const code = own || (codes.includes(chosen) ? chosen : codes[0]);
  const departments = useMemo(() => data && all.filter((each) => each.municipalityCode === code), [data, code]);
  const choose = (to: string) => {
    sessionStorage.setItem(kKey, to);
    setChosen(to);
  };
  return { code, departments, codes: own ? [] : codes, choose, error };
}

// Nothing for who has a municipality of their own.
export function MunicipalityChoice({ home }: { home: Home }) {
  const names = useMunicipalityNames();
  if (home.codes.length < 2) return null;
  const options = home.codes.map((code) => ({ value: code, label: names?.get(code) ?? t("layout.municipalityCode", { code }) }));
  return (
    <Field label={t("whoKnows.municipality")}>
      <Select value={home.code ?? ""} onValue={home.choose} options={options} />
    </Field>
  );
}
