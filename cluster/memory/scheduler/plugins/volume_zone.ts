/**
 * A volume with a zone's label is used in that zone.
 *
 * Source: `pkg/scheduler/framework/plugins/volumezone`.
 */
import type { PersistentVolume } from "../../kinds/schema/types.ts";
import { definePlugin, unresolvable } from "../framework/plugin.ts";
import type { Listers } from "../helper/listers.ts";
import { claimClass } from "../helper/match_volume.ts";

const REFUSAL = unresolvable("node(s) had no available volume zone");

/** The labels, those of old with the names that they have now. */
const LABELS: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region": "topology.kubernetes.io/region",
};

interface Topology {
  readonly key: string;
  readonly values: readonly string[];
}

/** A label may name several zones: "a__b". */
const topologies = ({ metadata }: PersistentVolume): Topology[] =>
  Object.keys(LABELS).filter((key) => metadata.labels?.[key] !== undefined)
    .map((key) => ({ key, values: metadata.labels![key].split("__") }));

export const volumeZone = (listers: Listers) =>
  definePlugin<readonly Topology[]>({
    name: "VolumeZone",
    preFilter({ pod, namespace }) {
      const found: Topology[] = [];
      for (const { persistentVolumeClaim } of pod.spec!.volumes ?? []) {
        if (persistentVolumeClaim === undefined) continue;
        const { claimName } = persistentVolumeClaim;
        const claim = listers.claim(namespace, claimName);
        if (claim === undefined) {
          return { refusal: unresolvable(`persistentvolumeclaim ${JSON.stringify(claimName)} not found`) };
        }
        const volumeName = claim.spec?.volumeName;
        if (!volumeName) {
          const name = claimClass(claim);
          if (name === "") {
            return { refusal: unresolvable("PersistentVolumeClaim had no pv name and storageClass name") };
          }
          const storageClass = listers.storageClass(name);
          if (storageClass === undefined) {
            return { refusal: unresolvable(`storageclass.storage.k8s.io ${JSON.stringify(name)} not found`) };
          }
          if (storageClass.volumeBindingMode === "WaitForFirstConsumer") continue;
          return { refusal: unresolvable("PersistentVolume had no name") };
        }
        const volume = listers.volume(volumeName);
        if (volume === undefined) {
          return { refusal: unresolvable(`persistentvolume ${JSON.stringify(volumeName)} not found`) };
        }
        found.push(...topologies(volume));
      }
      return found.length === 0 ? "skip" : { state: found };
    },
    filter(_pod, { node }, wanted) {
      const labels = node.metadata.labels ?? {};
      if (!Object.keys(LABELS).some((key) => labels[key] !== undefined)) return undefined;
      const fits = ({ key, values }: Topology) => values.includes(labels[key] ?? labels[LABELS[key]] ?? "");
      return wanted.every(fits) ? undefined : REFUSAL;
    },
    copyState: (state) => state,
    mayHelp: ({ resource, action }) =>
      action !== "delete" && ["Node", "PersistentVolumeClaim", "PersistentVolume", "StorageClass"].includes(resource),
  });
