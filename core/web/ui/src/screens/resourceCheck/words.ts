// What the hub says of resource checks, in the person's words.
import type {
  ResourceCheckJson, ResourceCheckModeJson, ResourceStatementJson, ResourceSubjectJson, ResourceTopicJson,
} from "../../gen/brobygger/collab/v1/resource_check_pb";
import { language, word } from "../../state/texts";

export const kAssociation: ResourceSubjectJson = "RESOURCE_SUBJECT_ASSOCIATION";
export const kDepartment: ResourceSubjectJson = "RESOURCE_SUBJECT_DEPARTMENT";
export const kMunicipality: ResourceSubjectJson = "RESOURCE_SUBJECT_MUNICIPALITY";

const kPrefix = "RESOURCE_TOPIC_";

const kSoftHyphen = "\u00ad";

// The axes, clockwise from the top.
export const kTopics = [
  "VISION", "STRATEGY", "ACTION_PLAN", "FUNDRAISING", "LEADERSHIP_AND_ROLES", "COLLABORATION_PLAN",
  "BUDGET_AND_ACCOUNTS", "MONITORING_AND_EVALUATION",
].map((each) => (kPrefix + each) as ResourceTopicJson);

const written = (topic: string): string => word(`resourceCheck.topic.${topic.slice(kPrefix.length)}`, topic);

export const topicText = (topic: string): string => written(topic).replace("-/", kSoftHyphen).replace("/", " ");

// The topic's name in lines that fit beside the picture: "Handlings-", "plan".
export const axisLines = (topic: string): string[] => written(topic).split("/");

export function meanOf(check: ResourceCheckJson, topic: string): number | undefined {
  const mean = check.topics?.find((each) => each.topic === topic)?.mean;
  return typeof mean === "number" ? mean : undefined;
}

export function statementText(statement: { textDa?: string; textEn?: string }): string {
  return (language.value === "en" ? statement.textEn : statement.textDa) ?? "";
}

// Statements that the newest round calls not there or just begun: what there is to talk about.
export function toTalkAbout(check: ResourceCheckJson, statements: ResourceStatementJson[]): ResourceStatementJson[] {
  const low = new Set((check.scores ?? []).filter((each) => each.score === 1 || each.score === 2).map((each) => each.statementId));
  return statements.filter((each) => low.has(each.id));
}

export const kModes: ResourceCheckModeJson[] = ["RESOURCE_CHECK_MODE_SELF", "RESOURCE_CHECK_MODE_FACILITATED", "RESOURCE_CHECK_MODE_TOGETHER"];

export const modeWord = (mode: string | undefined): string =>
  word(`resourceCheck.mode.${(mode ?? "").slice("RESOURCE_CHECK_MODE_".length)}`, "");
