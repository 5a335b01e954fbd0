// Whose resources are looked at.
import type { ApiError } from "../../api/errors";
import type { ResourceSubjectJson } from "../../gen/brobygger/collab/v1/resource_check_pb";
import { useCall } from "../../state/hooks";
import { useMunicipalityNames } from "../../state/municipalities";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import { kAssociation, kDepartment, kMunicipality } from "./words";

export interface Subject {
  kind: ResourceSubjectJson;
  id: string;
  name: string;
  // The caller speaks for it: an association for itself, an employee for the municipality.
  own: boolean;
  mayRecord: boolean;
}

function subjectOf(kind: ResourceSubjectJson, id: string, name: string): Subject {
  const me = session.me.value;
  const own = me?.associationId ? me.associationId === id : kind !== kAssociation;
  // What an employee writes down for an association that agreed to it is shared with them.
  const mayRecord = session.has("collaborations.write") && (own || !me?.associationId);
  return { kind, id, name, own, mayRecord };
}

// The subject with this id: a municipality's code, or the UUID of a department or an association.
export function useSubject(id: string): { subject?: Subject; error?: ApiError; reload: () => void } {
  const isCode = /^\d{4}$/.test(id);
  const names = useMunicipalityNames();
  const departments = useCall("registry.v1.RegistryService/ListDepartments", isCode ? undefined : { pageSize: 500 });
  const department = departments.data?.departments?.find((each) => each.id === id);
  const isAssociation = departments.data !== undefined && !department;
  const associations = useCall("registry.v1.RegistryService/GetAssociation", isAssociation ? { associationId: id } : undefined);
  const reload = () => [departments, associations].forEach((each) => each.reload());
  const error = departments.error ?? associations.error;
  if (isCode) return { subject: names && subjectOf(kMunicipality, id, names.get(id) ?? t("layout.municipalityCode", { code: id })), reload };
  if (department) return { subject: subjectOf(kDepartment, id, department.officialName ?? ""), reload };
  const association = associations.data?.association;
  if (association) return { subject: subjectOf(kAssociation, association.id ?? id, association.officialName ?? ""), reload };
  return { error, reload };
}
