// Every version of the record: when, by whom, and which fields.
import { actorText } from "../../parts/actor";
import { Day } from "../../parts/Day";
import { Loading } from "../../parts/Loading";
import { Pager } from "../../parts/Pager";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { usePages } from "../../parts/use_pages";
import { useSourcesOf } from "../../parts/use_sources";
import { t } from "../../state/texts";
import { pathText } from "./words";

// "plugin:files.csv" is a system: the one that plugin reads, or one of them.
function whoText(actor: string, titlesOf: (plugin: string) => string[]): string {
  const plugin = /^plugin:(.*)/.exec(actor)?.[1];
  if (!plugin) return actorText(actor);
  const titles = titlesOf(plugin);
  return titles.length ? titles.join(t("association.history.or")) : t("association.history.plugin", { plugin });
}

export function History({ id }: { id: string }) {
  const pages = usePages("registry.v1.RegistryService/ListAssociationHistory", { associationId: id, pageSize: 25 });
  const titlesOf = useSourcesOf();
  const rows = (pages.data?.versions ?? []).map((version) => {
    const fields = [...new Set((version.changedPaths ?? []).map(pathText))];
    return {
      key: String(version.revision),
      cells: [<Day iso={version.registeredTime} time />, <div class="capital">{whoText(version.actor ?? "", titlesOf)}</div>, fields.join(", ") || t("association.history.made")],
    };
  });
  return (
    <>
      <Trouble error={pages.error} retry={pages.reload} />
      {!pages.data && pages.loading && <Loading />}
      {pages.data && (
        <Table quiet caption={t("association.tabs.history")} rows={rows}
               head={[t("association.history.when"), t("association.history.who"), t("association.history.what")]} />
      )}
      <Pager pages={pages} />
    </>
  );
}
