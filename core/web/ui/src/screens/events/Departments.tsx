// Which departments: as many as one likes.
import type { DepartmentJson } from "../../gen/brobygger/registry/v1/municipality_pb";
import { Checkbox } from "../../parts/Checkbox";

interface Props {
  label: string;
  departments: DepartmentJson[];
  // Their ids.
  chosen: string[];
  onChosen: (chosen: string[]) => void;
}

export function Departments({ label, departments, chosen, onChosen }: Props) {
  return (
    <fieldset class="field">
      <legend class="form-label">{label}</legend>
      <div class="choices-columns">
        {departments.map(({ id = "", officialName }) => (
          <Checkbox key={id} label={officialName} checked={chosen.includes(id)}
                    onValue={(on) => onChosen(on ? [...chosen, id] : chosen.filter((each) => each !== id))} />
        ))}
      </div>
    </fieldset>
  );
}
