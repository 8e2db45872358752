/**
 * Says of ranges that services may take addresses from them, and keeps a range that is deleted until no service would
 * lose its address with it.
 *
 * Source: `pkg/controller/servicecidrs`.
 */
import { ipAddresses, serviceCidrs } from "../../api/kind_refs.ts";
import { type Cidr, cidrContains, parseCidr, parseIp } from "../../kinds/ip_address.ts";
import { type Draft, draft } from "../../kinds/object.ts";
import type { Condition, IPAddress, ServiceCIDR } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, reconcileQueue } from "../controller.ts";
import { timestamp } from "../../api/timestamps.ts";

const FINALIZER = "networking.k8s.io/service-cidr-finalizer";

/** The API server must have heard of a deletion before the range goes: it gives no addresses from it then. In ms. */
const GRACE_PERIOD = 10_000;

const MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
const ALLOCATOR = "ipallocator.k8s.io";

const READY = { status: "True", reason: "", message: "Kubernetes Service CIDR is ready" };
const IN_USE = {
  status: "False",
  reason: "Terminating",
  message: "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
};

export function startServiceCidrController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const ranges = informers.for<ServiceCIDR>(serviceCidrs);
  const addresses = informers.for<IPAddress>(ipAddresses);

  const queue = reconcileQueue(context, async (name) => {
    const range = ranges.get(undefined, name);
    if (range === undefined) return;
    const { deletionTimestamp, finalizers = [] } = range.metadata;
    if (deletionTimestamp === undefined) {
      if (!finalizers.includes(FINALIZER)) await change(name, { finalizers: [FINALIZER] });
      return await note(range, READY);
    }
    if (!finalizers.includes(FINALIZER)) return;
    if (!goesWithoutLoss(range)) return await note(range, IN_USE);
    const left = Date.parse(deletionTimestamp) + GRACE_PERIOD - clock.now();
    if (left > 0) return queue.addAfter(name, left);
    await change(name, { "$deleteFromPrimitiveList/finalizers": [FINALIZER] });
  });

  async function change(name: string, metadata: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      await client.patch(serviceCidrs, undefined, name, { type: "strategic", body: { metadata } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async function note({ metadata: { name = "" } }: ServiceCIDR, said: typeof READY): Promise<void> {
    const range = draft(await client.get<ServiceCIDR>(serviceCidrs, undefined, name)) as Draft<ServiceCIDR>;
    const conditions: Draft<Condition>[] = (range.status ??= {}).conditions ??= [];
    const known = conditions.find(({ type }) => type === "Ready");
    const { status, reason, message } = known ?? {};
    if (status === said.status && reason === said.reason && message === said.message) return;
    const condition = { type: "Ready", ...said, lastTransitionTime: timestamp(clock.now()) };
    if (known === undefined) conditions.push(condition);
    else Object.assign(known, condition);
    await client.updateStatus(serviceCidrs, range as ServiceCIDR);
  }

  /** Whether every address in use is in another range, too. */
  function goesWithoutLoss(range: ServiceCIDR): boolean {
    const others = ranges.list().filter(({ metadata }) => metadata.name !== range.metadata.name).flatMap(cidrsOf);
    const own = cidrsOf(range);
    const within = (cidr: Cidr) =>
      others.some((other) => other.prefix <= cidr.prefix && cidrContains(other, cidr.address));
    if (own.every(within)) return true;
    return addresses.list().filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === ALLOCATOR).every(
      ({ metadata }) => {
        const address = parseIp(metadata.name ?? "");
        if (address === undefined || !own.some((cidr) => cidrContains(cidr, address))) return true;
        return others.some((other) => cidrContains(other, address));
      },
    );
  }

  const all = () => {
    for (const { metadata } of ranges.list()) queue.add(metadata.name!);
  };
  const itself = ({ metadata }: ServiceCIDR) => queue.add(metadata.name!);
  // A range that comes or an address that goes may let another range go.
  ranges.on({ added: all, updated: itself, deleted: all });
  const containing = ({ metadata }: IPAddress) => {
    const address = parseIp(metadata.name ?? "");
    if (address === undefined) return;
    for (const range of ranges.list()) if (cidrsOf(range).some((cidr) => cidrContains(cidr, address))) itself(range);
  };
  addresses.on({ added: containing, deleted: containing });
  return queue;
}

const cidrsOf = ({ spec }: ServiceCIDR): readonly Cidr[] =>
  (spec?.cidrs ?? []).flatMap((text) => parseCidr(text) ?? []);
