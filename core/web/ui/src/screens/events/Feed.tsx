// Secret addresses under which a department's calendar programs read its events.
import { useState } from "preact/hooks";
import type { FeedKeyJson } from "../../gen/brobygger/event/v1/event_pb";
import type { DepartmentJson } from "../../gen/brobygger/registry/v1/municipality_pb";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Field } from "../../parts/Field";
import { Select } from "../../parts/Select";
import { Table } from "../../parts/Table";
import { TextInput } from "../../parts/TextInput";
import { Trouble } from "../../parts/Trouble";
import { departmentOptions } from "../../parts/use_departments";
import { useCall, useWrite } from "../../state/hooks";
import { session } from "../../state/session";
import { t } from "../../state/texts";

function Made({ address, onClose }: { address: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(address).then(() => setCopied(true), () => setCopied(false));
  return (
    <Alert tone="success" title={t("events.feed.made")} announce>
      <Field label={t("events.feed.address")} hint={t("events.feed.once")} wide>
        <TextInput value={address} onValue={() => undefined} readOnly onFocus={(event) => event.currentTarget.select()} />
      </Field>
      <div class="row">
        <Button kind="secondary" onClick={() => void copy()}>{t(copied ? "events.feed.copied" : "events.feed.copy")}</Button>
        <Button kind="tertiary" onClick={onClose}>{t("events.feed.hide")}</Button>
      </div>
    </Alert>
  );
}

export function Feed({ departments }: { departments: DepartmentJson[] }) {
  const [departmentId, setDepartment] = useState(session.me.value?.departmentId ?? "");
  const [address, setAddress] = useState("");
  const keys = useCall("event.v1.EventService/ListFeedKeys", {});
  const create = useWrite("event.v1.EventService/CreateFeedKey");
  const revoke = useWrite("event.v1.EventService/RevokeFeedKey");
  const make = async (event: Event) => {
    event.preventDefault();
    const answer = await create.run({ departmentId });
    if (!answer) return;
    setAddress(`${location.origin}/feeds/${answer.secret}.ics`);
    keys.reload();
  };
  const end = async (key: FeedKeyJson) => {
    if (!confirm(t("events.feed.endAsk", { department: key.departmentName ?? "" }))) return;
    if (await revoke.run({ feedKeyId: key.id })) keys.reload();
  };
  const open = (keys.data?.feedKeys ?? []).filter((key) => !key.revokeTime);
  return (
    <>
      <p>{t("events.feed.hint")}</p>
      {address && <Made address={address} onClose={() => setAddress("")} />}
      {session.has("events.write") && (
        <form class="row row-end" onSubmit={make}>
          <Field label={t("events.department")}>
            <Select value={departmentId} onValue={setDepartment} required options={departmentOptions(departments, t("collaborations.pick.choose"))} />
          </Field>
          <Button type="submit" kind="secondary" busy={create.busy}>{t("events.feed.create")}</Button>
        </form>
      )}
      <Trouble error={create.error ?? revoke.error ?? keys.error} />
      {open.length > 0 && (
        <Table caption={t("events.feed.keys")} head={[t("events.department"), t("events.feed.since"), t("events.feed.end")]}
               rows={open.map((key) => ({
                 key: key.id ?? "",
                 cells: [key.departmentName, <Day iso={key.createTime} />,
                         <Button kind="tertiary" disabled={revoke.busy} onClick={() => void end(key)}>{t("events.feed.end")}</Button>],
               }))} />
      )}
    </>
  );
}
