// What the association applied for and got, over all departments.
import type { DepartmentMoneyJson, OverlapJson } from "../../gen/brobygger/grant/v1/money_pb";
import type { GrantApplicationJson } from "../../gen/brobygger/grant/v1/grant_application_pb";
import { Alert } from "../../parts/Alert";
import { Day } from "../../parts/Day";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Name } from "../../parts/Name";
import { moneyText } from "../../parts/Number";
import { Table } from "../../parts/Table";
import { Trouble } from "../../parts/Trouble";
import { useCall } from "../../state/hooks";
import { t, word } from "../../state/texts";

function departmentRow(money: DepartmentMoneyJson, title: string, i: number) {
  return {
    key: String(i),
    cells: [
      <Name>{title}</Name>, Number(money.applicationCount ?? 0), Number(money.grantedCount ?? 0), Number(money.refusedCount ?? 0),
      moneyText(money.appliedOre), moneyText(money.awardedOre), moneyText(money.disbursedOre),
    ],
  };
}

function applicationRow(each: GrantApplicationJson) {
  const state = (each.state ?? "").replace("GRANT_STATE_", "");
  const kind = (each.kind ?? "").replace("GRANT_KIND_", "");
  return {
    key: each.id ?? "",
    cells: [
      <Name>{each.title || each.pool || word(`association.money.kinds.${kind}`, "–")}</Name>, <Day iso={each.receivedDate} />, <Name>{each.writtenDepartment}</Name>,
      word(`association.money.states.${state}`, ""), each.appliedOre === undefined ? "" : moneyText(each.appliedOre),
      each.awardedOre === undefined ? "" : moneyText(each.awardedOre),
    ],
  };
}

// Two applications that may be for one activity: for a person to look at, and no more than that.
function Overlaps({ overlaps, titles }: { overlaps: OverlapJson[]; titles: Map<string, string> }) {
  if (overlaps.length === 0) return null;
  return (
    <Alert tone="info" title={t("association.money.overlaps")}>
      <ul>
        {overlaps.map((each) => (
          <li key={`${each.firstApplicationId}${each.secondApplicationId}`}>
            <Name>{titles.get(each.firstApplicationId ?? "")}</Name> – <Name>{titles.get(each.secondApplicationId ?? "")}</Name>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

export function Money({ id }: { id: string }) {
  const told = useCall("grant.v1.GrantService/GetAssociationMoney", { associationId: id });
  const money = told.data?.money;
  const applications = money?.applications ?? [];
  const titles = new Map(applications.map((each) => [each.id ?? "", each.title ?? each.pool ?? "–"]));
  const departments = (money?.departments ?? []).map((each, i) => departmentRow(each, each.title ?? "", i));
  if (money?.total && departments.length > 1) departments.push(departmentRow(money.total, t("association.money.total"), departments.length));
  return (
    <>
      <Trouble error={told.error} retry={told.reload} />
      {!told.data && told.loading && <Loading />}
      {money?.contactKinds?.moneyOnly && <Alert tone="info">{t("association.money.only")}</Alert>}
      {money && applications.length === 0 && <Empty title={t("association.money.none")}>{t("association.money.noneText")}</Empty>}
      {applications.length > 0 && (
        <>
          <Overlaps overlaps={money?.overlaps ?? []} titles={titles} />
          <Table caption={t("association.money.byDepartment")} numeric={[1, 2, 3, 4, 5, 6]} rows={departments}
                 head={[t("whoKnows.department"), t("association.money.count"), t("association.money.granted"), t("association.money.refused"),
                        t("association.money.applied"), t("association.money.awarded"), t("association.money.paid")]} />
          <Table caption={t("association.money.applications")} numeric={[4, 5]} rows={applications.map(applicationRow)}
                 head={[t("association.money.what"), t("association.money.received"), t("whoKnows.department"), t("association.money.state"),
                        t("association.money.applied"), t("association.money.awarded")]} />
        </>
      )}
    </>
  );
}
