import type { DepartmentJson } from "../gen/brobygger/registry/v1/municipality_pb";
import { useCall } from "../state/hooks";
import { session } from "../state/session";

// The departments of the caller's municipality, by name: an employee's own, an association's home;
// all for who is of none.
export function useDepartments() {
  const { associationId, municipalityCode } = session.me.value ?? {};
  const own = useCall("registry.v1.RegistryService/GetAssociation", associationId ? { associationId } : undefined);
  const code = municipalityCode || own.data?.association?.municipalityCode;
  const answer = useCall("registry.v1.RegistryService/ListDepartments",
                         associationId && !code ? undefined : { municipalityCode: code, pageSize: 500 });
  const all = [...(answer.data?.departments ?? [])].sort((a, b) => (a.officialName ?? "").localeCompare(b.officialName ?? "", "da"));
  return { ...answer, error: own.error ?? answer.error, all };
}

// For a <Select>; `first` stands for none of them.
export function departmentOptions(departments: DepartmentJson[], first: string) {
  return [{ value: "", label: first }, ...departments.map((each) => ({ value: each.id ?? "", label: each.officialName ?? "" }))];
}
