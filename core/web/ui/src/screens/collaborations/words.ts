// What the hub says of collaborations, in the person's words.
import type {
  CollaborationJson, CollaborationSideJson, CollaborationStateJson, PartyJson,
} from "../../gen/brobygger/collab/v1/collaboration_pb";
import { dayText } from "../../parts/Day";
import { session } from "../../state/session";
import { t, word } from "../../state/texts";

export const kMunicipality: CollaborationSideJson = "COLLABORATION_SIDE_MUNICIPALITY";
export const kAssociation: CollaborationSideJson = "COLLABORATION_SIDE_ASSOCIATION";
// The two sides that answer, accept and say what came of it.
export const kBothSides = [kMunicipality, kAssociation];
export const kVolunteerCentre: CollaborationSideJson = "COLLABORATION_SIDE_VOLUNTEER_CENTRE";
export const kAllSides: CollaborationSideJson[] = [
  ...kBothSides, kVolunteerCentre, "COLLABORATION_SIDE_OTHER",
];

// The way from the idea to looking back. Paused and dropped lie beside it.
export const kWay = ["IDEA", "CLARIFYING", "ALIGNING", "AGREED", "ACTIVE", "EVALUATING", "CLOSED"].map(
  (each) => `COLLABORATION_STATE_${each}` as CollaborationStateJson,
);

// Where a state stands on the way; what is paused is under way, what was dropped is nowhere.
export function placeOf(state: CollaborationStateJson | undefined): number {
  return kWay.indexOf(state === "COLLABORATION_STATE_PAUSED" ? "COLLABORATION_STATE_ACTIVE" : (state ?? kWay[0]!));
}

// "COLLABORATION_STATE_IDEA" -> the word for "IDEA".
function enumWord(kind: string, prefix: string, value: string | undefined): string {
  const short = (value ?? "").slice(prefix.length);
  return word(`collaborations.${kind}.${short}`, short);
}

export const stateWord = (state: string | undefined): string => enumWord("state", "COLLABORATION_STATE_", state);
export const sideWord = (side: string | undefined): string => enumWord("side", "COLLABORATION_SIDE_", side);
export const sideOptions = () => kAllSides.map((value) => ({ value, label: sideWord(value) }));
export const roleWord = (role: string): string => enumWord("role", "PARTY_ROLE_", role);
export const taskStateWord = (state: string | undefined): string => enumWord("taskState", "TASK_STATE_", state);
export const sizeWord = (size: string): string => enumWord("size", "MILESTONE_SIZE_", size);
export const alignmentTopicWord = (topic: string | undefined): string => enumWord("topic", "ALIGNMENT_TOPIC_", topic);

// What the code of something missing means, and where on the page it is done.
export const missingWord = (code: string): string => word(`collaboration.missing.${code}`, code);

// Those on a side who have not left.
export function partiesOn(collaboration: CollaborationJson, side: CollaborationSideJson): PartyJson[] {
  return (collaboration.parties ?? []).filter((each) => !each.leftDate && each.side === side);
}

// Who had the idea; a volunteer centre by its name, also where it has left.
export function ideaText(collaboration: CollaborationJson): string {
  if (collaboration.proposedBy === kAssociation) return t("collaboration.proposedByAssociation");
  if (collaboration.proposedBy !== kVolunteerCentre) return t("collaboration.proposedByMunicipality");
  const centre = collaboration.parties?.find((each) => each.side === kVolunteerCentre)?.title;
  return t("collaboration.proposedByCentre", { name: centre || sideWord(kVolunteerCentre) });
}

// An association acts for its own side alone.
export const mayActFor = (side: CollaborationSideJson): boolean =>
  session.has("collaborations.write") && (!session.me.value?.associationId || side === kAssociation);

export const isEmployee = (): boolean => session.has("collaborations.write") && !session.me.value?.associationId;

// How many tasks there are and are done, leaving out those that were dropped.
export function tasksDone(collaboration: CollaborationJson): { done: number; all: number } {
  const tasks = (collaboration.tasks ?? []).filter((each) => each.state !== "TASK_STATE_DROPPED");
  return { done: tasks.filter((each) => each.state === "TASK_STATE_DONE").length, all: tasks.length };
}

// The hub's text of an agreement with the collaboration's own days as the person writes days. What
// else looks like one is somebody's words and stays.
export function agreementText(text: string, { startDate, endDate, tasks = [] }: CollaborationJson): string {
  const days = new Set([startDate, endDate, ...tasks.map((each) => each.dueDate)]);
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => (days.has(day) ? dayText(day) : day));
}
