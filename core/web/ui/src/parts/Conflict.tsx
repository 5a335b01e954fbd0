import type { ComponentChildren } from "preact";
import { t } from "../state/texts";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Table } from "./Table";

export interface ConflictRow {
  label: string;
  theirs: ComponentChildren;
  mine: ComponentChildren;
}

interface Props {
  // The fields that differ.
  rows: ConflictRow[];
  busy?: boolean;
  // Save mine over theirs.
  onMine: () => void;
  // Drop mine.
  onTheirs: () => void;
  // Back to what was typed.
  onClose: () => void;
}

// Somebody else saved first: both versions, and which to keep. Nothing is lost before one says so.
export function Conflict({ rows, busy, onMine, onTheirs, onClose }: Props) {
  return (
    <Dialog title={t("common.conflict.title")} onClose={onClose} wide actions={
      <>
        <Button busy={busy} onClick={onMine}>{t("common.conflict.keepMine")}</Button>
        <Button kind="secondary" onClick={onTheirs}>{t("common.conflict.takeTheirs")}</Button>
      </>
    }>
      <p>{t("common.conflict.text")}</p>
      <Table quiet caption={t("common.conflict.title")} head={[t("common.conflict.field"), t("common.conflict.theirs"), t("common.conflict.mine")]}
             rows={rows.map((row) => ({ key: row.label, cells: [row.label, row.theirs, row.mine] }))} />
    </Dialog>
  );
}
