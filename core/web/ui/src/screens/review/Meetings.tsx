import { useEffect, useRef, useState } from "preact/hooks";
import type { TouchpointJson } from "../../gen/brobygger/contact/v1/touchpoint_pb";
import { Alert } from "../../parts/Alert";
import { Button } from "../../parts/Button";
import { Day, dayText } from "../../parts/Day";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Pager } from "../../parts/Pager";
import { Trouble } from "../../parts/Trouble";
import { today } from "../../parts/today";
import { usePages } from "../../parts/use_pages";
import { requestId, useWrite } from "../../state/hooks";
import { t, word } from "../../state/texts";

interface Said {
  meeting: TouchpointJson;
  confirmed: boolean;
}

const isPast = ({ date = "" }: TouchpointJson): boolean => date < today();

const yes = (meeting: TouchpointJson): string => t(isPast(meeting) ? "review.meetings.yes" : "review.meetings.yesPlanned");

// What was written down, and the way to say the opposite after all.
function LastSaid({ said, busy, onSay }: { said: Said; busy: boolean; onSay: (said: Said) => void }) {
  const { meeting, confirmed } = said;
  const { departmentName = "", officialName = "", date = "" } = meeting;
  return (
    <Alert tone="success" announce>
      <p>{t(confirmed ? "review.meetings.saidYes" : "review.meetings.saidNo", { department: departmentName, name: officialName, day: dayText(date) })}</p>
      <Button kind="secondary" disabled={busy} onClick={() => onSay({ meeting, confirmed: !confirmed })}>
        {t("review.meetings.change", { answer: confirmed ? t("common.no") : yes(meeting) })}
      </Button>
    </Alert>
  );
}

function Item({ meeting, busy, onSay }: { meeting: TouchpointJson; busy: boolean; onSay: (said: Said) => void }) {
  const { associationId, officialName, departmentName, date, basis = "" } = meeting;
  return (
    <li class="card">
      <h3><Link to={`/foreninger/${associationId}`}><Name>{officialName}</Name></Link></h3>
      <p><Name>{departmentName}</Name> · <Day iso={date} /></p>
      <p class="muted">{word(`review.meetings.why.${basis}`, t("review.meetings.whyOther"))}</p>
      <div class="row">
        <Button kind="secondary" disabled={busy} onClick={() => onSay({ meeting, confirmed: true })}>{yes(meeting)}</Button>
        <Button kind="secondary" disabled={busy} onClick={() => onSay({ meeting, confirmed: false })}>{t("common.no")}</Button>
      </div>
    </li>
  );
}

// Meetings that a calendar tells of and that may be one association's or another's: a person says
// whose. Nothing where none waits.
export function Meetings() {
  const pages = usePages("contact.v1.ContactService/ListTouchpoints", { inReview: true, pageSize: 20 });
  const review = useWrite("contact.v1.ContactService/ReviewTouchpoint");
  const [last, setLast] = useState<Said>();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever answers goes on with the next: the button that was pressed is gone.
  useEffect(() => {
    if (last) heading.current?.focus({ preventScroll: true });
  }, [last]);
  const say = async (said: Said) => {
    if (!(await review.run({ touchpointId: said.meeting.id, confirmed: said.confirmed, requestId: requestId() }))) return;
    setLast(said);
    pages.reload();
  };
  // The one that was answered is gone at once, and not when the list is there anew.
  const waiting = (pages.data?.touchpoints ?? []).filter((each) => each.id !== last?.meeting.id);
  if (waiting.length === 0 && !last && !pages.error && pages.page === 1) return null;
  return (
    <section class="section" aria-labelledby="meetings">
      <h2 id="meetings" ref={heading} tabIndex={-1}>{t("review.meetings.title")}</h2>
      <p>{t("review.meetings.lead")}</p>
      {last && <LastSaid said={last} busy={review.busy} onSay={(said) => void say(said)} />}
      <Trouble error={review.error ?? pages.error} />
      <ul class="plain">{waiting.map((each) => <Item key={each.id} meeting={each} busy={review.busy} onSay={(said) => void say(said)} />)}</ul>
      <Pager pages={pages} />
    </section>
  );
}
