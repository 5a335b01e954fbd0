// What the hub says of events, in the person's words.
import type { EventJson, EventKindJson, Invitation_StateJson, InvitationJson } from "../../gen/brobygger/event/v1/event_pb";
import { dateOf, dayText, locale } from "../../parts/Day";
import { clockOf, dayOf } from "../../parts/today";
import { t, word } from "../../state/texts";

export const kKinds = [
  "NETWORK_DAY", "COLLABORATION_DAY", "NETWORK_MEETING", "INFO_MEETING", "WORKSHOP", "FESTIVAL", "GENERAL_ASSEMBLY", "OTHER",
].map((each) => `EVENT_KIND_${each}` as EventKindJson);

export const kStates = ["INVITED", "REGISTERED", "DECLINED", "ATTENDED", "ABSENT"].map((each) => `STATE_${each}` as Invitation_StateJson);

export const kindWord = (kind: string | undefined): string => word(`events.kind.${(kind ?? "").slice("EVENT_KIND_".length)}`, "");
export const stateWord = (state: string | undefined): string => word(`event.state.${(state ?? "").slice("STATE_".length)}`, "");

// The first and the last day, as they are in Denmark.
export const firstDay = (event: EventJson): string => event.startDate || (event.startTime ? dayOf(new Date(event.startTime)) : "");
export const lastDay = (event: EventJson): string => event.endDate || (event.endTime ? dayOf(new Date(event.endTime)) : firstDay(event));

export const isOver = (event: EventJson, today: string): boolean =>
  event.endTime ? Date.parse(event.endTime) < Date.now() : lastDay(event) < today;

const clock = (time: string | undefined): string => (time ? clockOf(new Date(time)) : "");

// "16:00–19:00"; "" where it lasts whole days.
export const hoursText = (event: EventJson): string => (event.startTime ? `${clock(event.startTime)}–${clock(event.endTime)}` : "");

// "torsdag".
export const weekdayText = (day: string): string => dateOf(day).toLocaleDateString(locale(), { weekday: "long" });

export function whenText(event: EventJson): string {
  const first = firstDay(event);
  const last = lastDay(event);
  const days = first === last ? `${weekdayText(first)} ${dayText(first)}` : `${dayText(first)} – ${dayText(last)}`;
  return event.startTime ? `${days}, ${hoursText(event)}` : days;
}

// "4 inviterede · 2 har svaret", and of one that is over how many came.
export function asked(event: EventJson, today: string): string {
  const { invitedCount = 0, answeredCount = 0, attendedCount = 0 } = event;
  if (invitedCount === 0) return t("events.nobodyInvited");
  const told = [t("events.invited", { n: invitedCount }), t("events.answered", { n: answeredCount })];
  return (isOver(event, today) && !event.cancelTime ? [...told, t("events.attended", { n: attendedCount })] : told).join(" · ");
}

// Asked, answered and came. Who came has answered, too.
export function countsOf(invitations: InvitationJson[]) {
  const of = (...states: string[]) => invitations.filter((each) => states.includes(each.state ?? "")).length;
  const notThere = ["STATE_DECLINED", "STATE_ABSENT"];
  return {
    invited: invitations.length,
    answered: of("STATE_REGISTERED", "STATE_DECLINED", "STATE_ATTENDED", "STATE_ABSENT"),
    coming: of("STATE_REGISTERED"),
    came: of("STATE_ATTENDED"),
    people: invitations.filter((each) => !notThere.includes(each.state ?? "")).reduce((sum, each) => sum + (each.headCount ?? 0), 0),
  };
}
