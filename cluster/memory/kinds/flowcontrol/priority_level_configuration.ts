/** PriorityLevelConfiguration. Source: `pkg/registry/flowcontrol/prioritylevelconfiguration` and `pkg/apis/flowcontrol`. */
import { systemPriorityLevels } from "../bootstrap/flow_control.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import type {
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  QueuingConfiguration,
} from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateConditionTypes } from "./flow_schema.ts";

const MANDATORY = systemPriorityLevels().filter(({ metadata: { name } }) => name === "exempt" || name === "catch-all");
const MOST_QUEUES = 10_000_000;
const HASH_BITS = 60;
const ZERO_SHARES = "flowcontrol.k8s.io/preserve-zero-concurrency-shares";

export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "PriorityLevelConfiguration",
  plural: "prioritylevelconfigurations",
  singular: "prioritylevelconfiguration",
  namespaced: false,
  type: "flowcontrol.v1.PriorityLevelConfiguration",
  strategy: {
    names: "subdomain",
    unconditionalUpdate: false,
    defaults({ spec }) {
      if (spec?.exempt) {
        spec.exempt.nominalConcurrencyShares ??= 0;
        spec.exempt.lendablePercent ??= 0;
      }
      if (!spec?.limited) return;
      spec.limited.nominalConcurrencyShares ??= 30;
      spec.limited.lendablePercent ??= 0;
      const queuing = spec.limited.limitResponse?.queuing;
      if (!queuing) return;
      queuing.handSize ||= 8;
      queuing.queues ||= 64;
      queuing.queueLengthLimit ||= 50;
    },
    prepareForCreate: (level) => void (level.status = {}),
    prepareForUpdate: (level, old) => void (level.status = old.status as typeof level.status),
    validate,
    validateUpdate: validate,
  },
  status: {
    prepareForUpdate: (level, old) => void (level.spec = old.spec as typeof level.spec),
    validateUpdate: ({ status }) => validateConditionTypes(status?.conditions ?? []),
  },
  table: tableOf("flowcontrol.v1.PriorityLevelConfiguration", ({ metadata, spec }, now) => {
    const queuing = spec?.limited?.limitResponse?.queuing;
    return [
      metadata.name ?? "",
      spec?.type ?? "",
      spec?.limited ? spec.limited.nominalConcurrencyShares ?? 0 : "<none>",
      queuing ? queuing.queues ?? 0 : "<none>",
      queuing ? queuing.handSize ?? 0 : "<none>",
      queuing ? queuing.queueLengthLimit ?? 0 : "<none>",
      age(metadata.creationTimestamp, now),
    ];
  }),
});

function validate({ metadata, spec }: PriorityLevelConfiguration): FieldError[] {
  const { type = "", limited, exempt } = spec ?? {};
  const errors: FieldError[] = [];
  if (Object.hasOwn(metadata.annotations ?? {}, ZERO_SHARES)) {
    errors.push(forbidden("metadata.annotations", `annotation '${ZERO_SHARES}' is forbidden`));
  }
  if ((metadata.name === "exempt") !== (type === "Exempt")) {
    errors.push(invalid("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  if (type === "Exempt") {
    if (limited) errors.push(forbidden("spec.limited", "must be nil if the type is not Limited"));
    if (exempt) errors.push(...validateShares(exempt, "spec.exempt"));
  } else if (type === "Limited") {
    if (exempt) errors.push(forbidden("spec.exempt", "must be nil if the type is Limited"));
    if (!limited) errors.push(required("spec.limited", "must not be empty when type is Limited"));
    else errors.push(...validateLimited(limited, "spec.limited"));
  } else errors.push(notSupported("spec.type", type, ["Exempt", "Limited"]));
  return errors.concat(validateMandatory(metadata.name ?? "", spec));
}

/** The two levels that no cluster is without cannot change, but for the shares of the exempt one. */
function validateMandatory(name: string, spec: PriorityLevelConfiguration["spec"]): FieldError[] {
  const fixed = MANDATORY.find(({ metadata }) => metadata.name === name)?.spec;
  if (fixed === undefined) return [];
  const open = name === "exempt";
  if (equalJson(open ? { ...spec, exempt: fixed.exempt } : spec, fixed)) return [];
  const exception = open ? " except the 'spec.exempt' field" : "";
  return [invalid("spec", spec, `spec of '${name}'${exception} must equal the fixed value`)];
}

interface Shares {
  readonly nominalConcurrencyShares?: number;
  readonly lendablePercent?: number;
}

const sharesError = ({ nominalConcurrencyShares: shares = 0 }: Shares, path: string): FieldError[] =>
  shares < 0 ? [invalid(`${path}.nominalConcurrencyShares`, shares, "must be a non-negative integer")] : [];

const lendableError = ({ lendablePercent: percent = 0 }: Shares, path: string): FieldError[] =>
  percent < 0 || percent > 100
    ? [invalid(`${path}.lendablePercent`, percent, "must be between 0 and 100, inclusive")]
    : [];

const validateShares = (shares: Shares, path: string) => [...sharesError(shares, path), ...lendableError(shares, path)];

function validateLimited(limited: LimitedPriorityLevelConfiguration, path: string): FieldError[] {
  const { borrowingLimitPercent: borrowing = 0, limitResponse } = limited;
  return [
    ...sharesError(limited, path),
    ...validateResponse(limitResponse ?? {}, `${path}.limitResponse`),
    ...lendableError(limited, path),
    ...borrowing < 0
      ? [invalid(`${path}.borrowingLimitPercent`, borrowing, "if specified, must be a non-negative integer")]
      : [],
  ];
}

function validateResponse({ type = "", queuing }: Partial<LimitResponse>, path: string): FieldError[] {
  if (type === "Reject") {
    const message = "must be nil if limited.limitResponse.type is not Limited";
    return queuing ? [forbidden(`${path}.queuing`, message)] : [];
  }
  if (type !== "Queue") return [notSupported(`${path}.type`, type, ["Queue", "Reject"])];
  if (queuing) return validateQueuing(queuing, `${path}.queuing`);
  return [required(`${path}.queuing`, "must not be empty if limited.limitResponse.type is Limited")];
}

function validateQueuing({ queueLengthLimit = 0, queues = 0, handSize = 0 }: QueuingConfiguration, path: string) {
  const errors: FieldError[] = [];
  if (queueLengthLimit <= 0) errors.push(invalid(`${path}.queueLengthLimit`, queueLengthLimit, "must be positive"));
  if (queues <= 0) errors.push(invalid(`${path}.queues`, queues, "must be positive"));
  else if (queues > MOST_QUEUES) {
    errors.push(invalid(`${path}.queues`, queues, `must not be greater than ${MOST_QUEUES}`));
  }
  const hand = (message: string) => errors.push(invalid(`${path}.handSize`, handSize, message));
  if (handSize <= 0) hand("must be positive");
  else if (handSize > queues) hand(`should not be greater than queues (${queues})`);
  else if (Math.ceil(Math.log2(queues) * handSize) > HASH_BITS) {
    const message = `required entropy bits of deckSize ${queues} and handSize ${handSize}`;
    hand(`${message} should not be greater than ${HASH_BITS}`);
  }
  return errors;
}
