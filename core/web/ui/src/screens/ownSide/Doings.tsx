// What the association takes part in, asked for and was given, in short.
import type { ComponentChildren } from "preact";
import type { GetOwnViewResponseJson, PremisesSummaryJson, ResourceCheckSummaryJson } from "../../gen/brobygger/people/v1/own_view_pb";
import { Button } from "../../parts/Button";
import { Day } from "../../parts/Day";
import { Link } from "../../parts/Link";
import { Name } from "../../parts/Name";
import { Tag } from "../../parts/Tag";
import { dayAfter } from "../../parts/today";
import { Trouble } from "../../parts/Trouble";
import { requestId, useWrite } from "../../state/hooks";
import { navigate } from "../../state/router";
import { t, word, type TextKey } from "../../state/texts";
import { stateWord } from "../collaborations/words";
import { stateWord as invitationWord, whenText } from "../events/words";
import { kAssociation, topicText } from "../resourceCheck/words";
import { valueWord } from "./fields";
import { upcoming } from "./Invitations";

interface Entry {
  key: string;
  what: ComponentChildren;
  stands?: string;
  about?: ComponentChildren;
}

const grantWord = (state: string | undefined): string => word(`association.money.states.${state?.slice("GRANT_STATE_".length)}`, "");

function Part({ name, entries, hint, children }: { name: string; entries: Entry[]; hint?: TextKey; children?: ComponentChildren }) {
  if (entries.length === 0 && !children) return null;
  return (
    <section class="card" aria-labelledby={`own-${name}`}>
      <h2 id={`own-${name}`}>{t(`ownSide.section.${name}` as TextKey)}</h2>
      {hint && <p class="muted">{t(hint)}</p>}
      <ul class="plain own-list">
        {entries.map((each) => (
          <li key={each.key}>
            <span>{each.what}{each.about && <span class="small muted own-about">{each.about}</span>}</span>
            {each.stands && <Tag>{each.stands}</Tag>}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

function contacts(view: GetOwnViewResponseJson): Entry[] {
  return (view.contacts ?? []).map((each) => ({
    key: each.departmentName ?? "",
    what: <Name>{each.departmentName}</Name>,
    stands: t("ownSide.times", { n: (each.count ?? 0) + (each.olderCount ?? 0) }),
    about: each.lastDate && <>{t("ownSide.lastContact")} <Day iso={each.lastDate} /></>,
  }));
}

function courses(view: GetOwnViewResponseJson): Entry[] {
  return (view.courses ?? []).map((each) => ({
    key: each.courseId ?? "",
    what: <Name>{each.title}</Name>,
    stands: valueWord(each.state),
    about: (
      <>
        {t("ownSide.joined")} <Day iso={each.joinedDate} />
        {each.leftDate && <> · {t("ownSide.left")} <Day iso={each.leftDate} /></>}
        {(each.attendance ?? []).map((one) => (
          <span key={one.date} class="own-line"><Day iso={one.date} />: {topicText(one.topic ?? "")}, {valueWord(one.state)}</span>
        ))}
        {(each.trials ?? []).map((one) => (
          <span key={one.date} class="own-line"><Day iso={one.date} />: {t(one.shared ? "ownSide.trialShared" : "ownSide.trialKept")}</span>
        ))}
      </>
    ),
  }));
}

// When a place is the association's. The season is told with the day after its last.
function Season({ premises: { slot, season, departmentName } }: { premises: PremisesSummaryJson }) {
  return (
    <>
      {valueWord(slot?.weekday)} {slot?.fromTime}–{slot?.toTime} · <Day iso={season?.fromDate} /> –{" "}
      <Day iso={season?.toDate && dayAfter(season.toDate, -1)} /> · <Name>{departmentName}</Name>
    </>
  );
}

function premises(view: GetOwnViewResponseJson): Entry[] {
  return [
    ...(view.premises ?? []).map((each) => ({
      key: each.premisesId ?? "", what: <Name>{each.place}</Name>, about: <Season premises={each} />,
    })),
    ...(view.premisesNeeds ?? []).map((each) => ({
      key: each.premisesNeedId ?? "", what: <Name>{each.title}</Name>, stands: valueWord(each.state), about: t("ownSide.need"),
    })),
  ];
}

function ShareCheck({ associationId, check, reload }: { associationId: string; check: ResourceCheckSummaryJson; reload: () => void }) {
  const { run, busy, error } = useWrite("collab.v1.ResourceCheckService/ShareResourceCheck");
  const share = async () => {
    const { resourceCheckId, shared } = check;
    const request = { subject: kAssociation, subjectId: associationId, resourceCheckId, shared: !shared, requestId: requestId() };
    if (await run(request)) reload();
  };
  return (
    <>
      <span class="own-line">{t(check.shared ? "ownSide.checkShared" : "ownSide.checkKept")}</span>
      <button type="button" class="link-button" disabled={busy} onClick={() => void share()}>
        {t(check.shared ? "resourceCheck.unshare" : "resourceCheck.share")}
      </button>
      <Trouble error={error} />
    </>
  );
}

export function Doings({ view, reload }: { view: GetOwnViewResponseJson; reload: () => void }) {
  const id = view.association?.id ?? "";
  const ahead = upcoming(view.events ?? []);
  return (
    <>
      <Part name="collaborations" hint="ownSide.proposeHint" entries={(view.collaborations ?? []).map((each) => ({
        key: each.collaborationId ?? "", what: <Link to={`/samarbejder/${each.collaborationId}`}><Name>{each.title}</Name></Link>,
        stands: stateWord(each.state), about: <>{t("collaborations.since")} <Day iso={each.stateDate} /></>,
      }))}>
        <Button onClick={() => navigate("/samarbejder", { state: { associationId: id } })}>{t("collaborations.propose")}</Button>
      </Part>
      <Part name="checks" hint="resourceCheck.label" entries={(view.resourceChecks ?? []).map((each) => ({
        key: each.resourceCheckId ?? "", what: <Day iso={each.date} />, about: <ShareCheck associationId={id} check={each} reload={reload} />,
      }))}>
        <Button kind="secondary" onClick={() => navigate(`/ressourcetjek/${id}`)}>{t("ownSide.toCheck")}</Button>
      </Part>
      <Part name="contacts" entries={contacts(view)} hint="ownSide.contactsHint" />
      <Part name="events" entries={(view.events ?? []).filter((each) => !ahead.includes(each)).map((each) => ({
        key: `${each.eventId}${each.associationId}`, what: <Name>{each.title}</Name>, stands: invitationWord(each.state), about: whenText(each),
      }))} />
      <Part name="grants" entries={(view.grants ?? []).map((each) => ({
        key: each.applicationId ?? "", what: <Name>{each.title}</Name>, stands: grantWord(each.state), about: <Day iso={each.receivedDate} />,
      }))} />
      <Part name="courses" entries={courses(view)} />
      <Part name="networks" entries={(view.networks ?? []).map((each) => ({
        key: each.networkId ?? "", what: <Name>{each.title}</Name>,
        about: <>{t("ownSide.joined")} <Day iso={each.joinedDate} />{each.leftDate && <> · {t("ownSide.left")} <Day iso={each.leftDate} /></>}</>,
      }))} />
      <Part name="premises" entries={premises(view)} />
    </>
  );
}
