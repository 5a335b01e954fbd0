// Who does what until when.
import { useEffect, useState } from "preact/hooks";
import type { CollaborationSideJson, CollaborationTaskJson, TaskStateJson } from "../../gen/brobygger/collab/v1/collaboration_pb";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Day } from "../../parts/Day";
import { Field } from "../../parts/Field";
import { Select } from "../../parts/Select";
import { Table } from "../../parts/Table";
import { Tag } from "../../parts/Tag";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";
import type { PartProps } from "./One";
import { isEmployee, kAssociation, sideOptions, sideWord, taskStateWord } from "./words";

const kStates: TaskStateJson[] = ["TASK_STATE_OPEN", "TASK_STATE_UNDER_WAY", "TASK_STATE_DONE", "TASK_STATE_DROPPED"];

function Form({ task, busy, onSave, onClose }: {
  task: CollaborationTaskJson; busy: boolean; onSave: (task: CollaborationTaskJson) => Promise<boolean>; onClose?: () => void;
}) {
  const [typed, setTyped] = useState(task);
  const set = (fields: CollaborationTaskJson) => setTyped({ ...typed, ...fields });
  const save = async (event: Event) => {
    event.preventDefault();
    if ((await onSave(typed)) && !onClose) setTyped(task);
  };
  return (
    <form onSubmit={save} class="form-below">
      <h3>{t(task.id ? "collaboration.task.change" : "collaboration.task.add")}</h3>
      <Field label={t("collaboration.task.what")} wide>
        <TextInput value={typed.title ?? ""} onValue={(title) => set({ title })} maxLength={200} required />
      </Field>
      <div class="row row-end">
        {isEmployee() && (
          <Field label={t("collaboration.task.who")}>
            <Select value={typed.ownerSide ?? ""} onValue={(to) => set({ ownerSide: (to || undefined) as CollaborationSideJson | undefined })}
                    options={[{ value: "", label: t("collaboration.task.nobody") }, ...sideOptions()]} />
          </Field>
        )}
        <Field label={t("collaboration.task.when")}>
          <TextInput type="date" value={typed.dueDate ?? ""} onValue={(dueDate) => set({ dueDate })} />
        </Field>
        {task.id && (
          <Field label={t("collaboration.task.state")}>
            <Select value={typed.state ?? "TASK_STATE_OPEN"} onValue={(to) => set({ state: to as TaskStateJson })}
                    options={kStates.map((value) => ({ value, label: taskStateWord(value) }))} />
          </Field>
        )}
      </div>
      <div class="row">
        <Button type="submit" kind={task.id ? "primary" : "secondary"} busy={busy}>{t(task.id ? "common.save" : "collaboration.task.add")}</Button>
        {onClose && <Button kind="tertiary" onClick={onClose}>{t("common.cancel")}</Button>}
      </div>
    </form>
  );
}

export function Tasks({ found, reload }: PartProps) {
  const [editing, setEditing] = useState<CollaborationTaskJson>();
  const [ticked, setTicked] = useState<CollaborationTaskJson>();
  useEffect(() => setTicked(undefined), [found]);
  const { run, busy, error } = useWrite("collab.v1.CollaborationService/SetTask");
  const tasks = found.collaboration?.tasks ?? [];
  const may = session.has("collaborations.write");
  // An association writes its own tasks; the others are for employees.
  const mayChange = (task: CollaborationTaskJson): boolean => may && (isEmployee() || task.ownerSide === kAssociation);
  const save = async (task: CollaborationTaskJson): Promise<boolean> => {
    const answer = await run({ collaborationId: found.collaboration?.id, task, requestId: requestId() });
    if (!answer) return false;
    setEditing(undefined);
    reload();
    return true;
  };
  // The tick is seen at once, and taken back if it is refused.
  const tick = async (task: CollaborationTaskJson) => {
    setTicked(task);
    if (!(await save(task))) setTicked(undefined);
  };
  const row = (task: CollaborationTaskJson) => ({
    key: task.id ?? "",
    cells: [
      <span class="task-title" dir="auto">{task.title}</span>,
      task.ownerSide ? sideWord(task.ownerSide) : <span class="amber">{t("collaboration.task.nobody")}</span>,
      <Day iso={task.dueDate} />,
      task.state === "TASK_STATE_DROPPED" ? <Tag tone="neutral">{taskStateWord(task.state)}</Tag> : (
        <>
          <Checkbox label={t("collaboration.task.done")} checked={(ticked && ticked.id === task.id ? ticked : task).state === "TASK_STATE_DONE"}
                    disabled={busy || !mayChange(task)} onValue={(done) => void tick({ ...task, state: done ? "TASK_STATE_DONE" : "TASK_STATE_OPEN" })} />
          {task.state === "TASK_STATE_UNDER_WAY" && <Tag>{taskStateWord(task.state)}</Tag>}
        </>
      ),
      ...(may ? [
        mayChange(task) && (
          <Button kind="tertiary" aria-label={t("collaboration.task.changeOne", { task: task.title ?? "" })} onClick={() => setEditing(task)}>
            {t("common.edit")}
          </Button>
        ),
      ] : []),
    ],
  });
  const head = [t("collaboration.task.what"), t("collaboration.task.who"), t("collaboration.task.when"), t("collaboration.task.state")];
  return (
    <>
      <h2>{t("collaboration.tab.roles")}</h2>
      <p class="muted">{t("collaboration.task.hint")}{may && !isEmployee() && ` ${t("collaboration.task.own")}`}</p>
      <Trouble error={error} />
      {tasks.length > 0 && (
        <Table quiet caption={t("collaboration.tab.roles")} head={may ? [...head, t("collaboration.task.change")] : head} rows={tasks.map(row)} />
      )}
      {editing && <Form key={editing.id} task={editing} busy={busy} onSave={save} onClose={() => setEditing(undefined)} />}
      {may && !editing && <Form task={isEmployee() ? {} : { ownerSide: kAssociation }} busy={busy} onSave={save} />}
    </>
  );
}
