import type { MeetingCountsJson } from "../../gen/brobygger/sync/v1/connection_pb";
import { t, word } from "../../state/texts";
import { count } from "./words";

// What was odd about meetings in calendars, and how it was read; nothing where nothing was. A code
// that is not known is told as it is.
export function Remarks({ meetings }: { meetings?: MeetingCountsJson }) {
  if (!meetings?.oddities?.length) return null;
  return (
    <>
      <p>{t("connection.remarks")}</p>
      <ul>
        {meetings.oddities.map(({ code = "", count: n }) => (
          <li key={code}>{t("connection.remarkOf", { n: count(n), what: word(`connection.remark.${code}`, code) })}</li>
        ))}
      </ul>
    </>
  );
}
