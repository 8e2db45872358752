/** Compares what `kubectl describe` prints, field by field. */
import { nearest } from "../../nearest.ts";
import type { Finding } from "../finding.ts";
import type { CodeLine } from "../markdown.ts";
import { type DescribedField, type DescribedObject, readDescription } from "./description.ts";
import { canonical, isPassing, stem } from "./same.ts";
import { differs, leadsTo, misspeltName, printedLines } from "./shown.ts";

/** Fields that differ between clusters, runs and moments, with all that stands below them. */
const OF_THE_RUN = new Set([
  ...["Node", "Nodes", "Start Time", "IP", "IPs", "Container ID", "Image ID", "Started", "Finished", "Last State"],
  ...["CreationTimestamp", "Annotations", "Controlled By", "UID", "Tokens", "Mountable secrets", "Image pull secrets"],
  ...["Endpoints", "IP Family Policy", "IP Families", "NodePort", "LoadBalancer Ingress", "Restart Count", "Age"],
  ...["Addresses", "Capacity", "Allocatable", "System Info", "Lease", "ProviderID", "PodCIDR", "PodCIDRs", "Roles"],
  ...["Finalizers", "Message", "Pods Status", "Pods Statuses", "Mounts", "Volumes", "Address", "Default backend"],
  ...[
    "NewReplicaSet",
    "OldReplicaSets",
    "OldReplicaSet",
    "Tolerations",
    "Duration",
    "Completed At",
    "Last Schedule Time",
  ],
  ...["Active Jobs", "Claim", "Used By", "Metrics", "Deployment pods", "Events", "Conditions", "Host IPs", "Internal"],
]);

/** Fields that say how far the object is at the moment. */
const OF_THE_MOMENT = new Set(["Status", "State", "Ready", "Reason", "Exit Code"]);

/** Labels that controllers put there. */
const DRAWN_LABEL = /(^|\/)(pod-template-hash|controller-revision-hash|controller-uid|pod-template-generation)=/;

const STATES = ["Running", "Waiting", "Terminated", "Pending", "Succeeded", "Failed", "Active", "Bound", "Terminating"];

/** @param diverged the cluster may be in another state than the note's was: only the form is compared */
export function describedFindings(shown: readonly CodeLine[], stdout: string, diverged: boolean): Finding[] {
  const real = readDescription(printedLines(stdout));
  return readDescription(shown).flatMap((object, _, all) => {
    const only = all.length === 1 && real.length === 1;
    const others = real.filter((other) => only || stem(nameOf(other)) === stem(nameOf(object)));
    const told = others.map((other) => objectFindings(object, other, diverged));
    // Where several objects could be meant, one that agrees is enough.
    return told.some((findings) => findings.length === 0) ? [] : told[0] ?? [];
  });
}

const nameOf = ({ fields }: DescribedObject): string => fields[0]?.values[0] ?? "";

function objectFindings(shown: DescribedObject, real: DescribedObject, diverged: boolean): Finding[] {
  const passing = [shown, real].some(({ fields }) =>
    fields.some(({ path, values: [value = ""] }) => /^(Status|State)$/.test(path.at(-1)!) && isPassing(value))
  );
  return shown.fields.flatMap((field) => {
    const { path } = field;
    if (path.some((name) => OF_THE_RUN.has(name))) return [];
    const same = real.fields.filter((other) => key(other.path) === key(path));
    if (same.length === 0) return unknownField(field, real);
    const misspelt = misspeltState(field);
    if (misspelt.length > 0) return misspelt;
    if (diverged || (passing && OF_THE_MOMENT.has(path.at(-1)!))) return [];
    return same.some((other) => agrees(field, other)) ? [] : [contradiction(field, same[0])];
  });
}

const key = (path: readonly string[]): string => path.map(stem).join("\n");

/** A field's name that kubectl never prints and that is nearly one that it does. */
function unknownField({ path, line }: DescribedField, real: DescribedObject): Finding[] {
  const name = path.at(-1)!;
  const siblings = real.fields.filter((other) => key(other.path.slice(0, -1)) === key(path.slice(0, -1)))
    .map((other) => other.path.at(-1)!);
  const parent = path.at(-2);
  if (parent !== undefined && /Containers$/.test(parent)) return anotherContainer(line, name, siblings);
  const meant = misspeltName(name, siblings);
  if (meant === undefined) return [];
  return [differs(line, line.text.indexOf(name), `${name} is not a field of the description`, {
    en: `kubectl prints ${meant} here.`,
    ko: `kubectl이 여기에 출력하는 것은 ${meant}입니다.`,
  })];
}

/** Where there is one container, it has one name. */
function anotherContainer(line: CodeLine, name: string, siblings: readonly string[]): Finding[] {
  return siblings.length === 1 ? [leadsTo(line, "Containers", name, siblings[0])] : [];
}

function misspeltState({ path, values: [value = ""], line }: DescribedField): Finding[] {
  if (!/^(Status|State)$/.test(path.at(-1)!) || !/^[A-Za-z]{5,20}$/.test(value) || STATES.includes(value)) return [];
  const meant = nearest(value, STATES);
  if (meant === undefined) return [];
  return [differs(line, line.text.indexOf(value), `${value} is no status`, {
    en: `There is no status ${value}: it is ${meant}.`,
    ko: `${value} 상태는 없습니다. ${meant}입니다.`,
  })];
}

function agrees(shown: DescribedField, real: DescribedField): boolean {
  const known = real.values.map((value) => steady(real, value));
  return shown.values.filter((value) => value !== "" && !DRAWN_LABEL.test(value))
    .every((value) => known.includes(steady(shown, value)));
}

/** How many replicas there are at the moment counts up to how many are wanted. */
function steady({ path }: DescribedField, value: string): string {
  return path.at(-1) === "Replicas" ? /\d+ desired/.exec(value)?.[0] ?? value : canonical(value);
}

function contradiction({ path, values, line }: DescribedField, real: DescribedField): Finding {
  const known = real.values.map(canonical);
  const shown = values.find((value) => !known.includes(canonical(value))) ?? values[0];
  return leadsTo(line, path.join(" › "), shown, real.values.join(", "));
}
