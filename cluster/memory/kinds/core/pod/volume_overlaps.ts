/** Files of a volume that would hide each other. Source: `pkg/api/pod/warnings.go`. */
import type { Volume, VolumeProjection } from "../../schema/types.ts";

interface Place {
  readonly path: string;
  /** What the file comes from, "" where the volume has one source. */
  readonly source: string;
}

export function overlapWarnings(volumes: readonly Volume[] = []): string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const warn = (what: string, places: readonly Place[]) =>
      overlaps(places).map((text) => `volume "${name}" (${what}): overlapping paths: ${text}`);
    const warnings: string[] = [];
    if (configMap?.items) warnings.push(...warn(`ConfigMap "${configMap.name ?? ""}"`, places(configMap.items, "")));
    if (secret?.items) warnings.push(...warn(`Secret "${secret.secretName ?? ""}"`, places(secret.items, "")));
    if (downwardAPI?.items) warnings.push(...warn("DownwardAPI", places(downwardAPI.items, "")));
    if (!projected) return warnings;
    const sources = projected.sources ?? [];
    for (const source of sources) {
      if (Object.keys(source).length === 0) warnings.push(`volume "${name}" (Projected) has no sources provided`);
    }
    return [...warnings, ...warn("Projected", sources.flatMap(projectedPlaces))];
  });
}

const places = (items: readonly { readonly path: string }[], source: string): Place[] =>
  items.map(({ path }) => ({ path, source }));

function projectedPlaces({ configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection): Place[] {
  if (configMap?.items) return places(configMap.items, `ConfigMap "${configMap.name ?? ""}"`);
  if (secret?.items) return places(secret.items, `Secret "${secret.name ?? ""}"`);
  if (downwardAPI?.items) return places(downwardAPI.items, "DownwardAPI");
  return serviceAccountToken ? [{ path: serviceAccountToken.path, source: "ServiceAccountToken" }] : [];
}

const text = ({ path, source }: Place) => source === "" ? `"${path}"` : `"${path}" (${source})`;

function overlaps(all: readonly Place[]): string[] {
  const seen: Place[] = [];
  return all.flatMap(({ path, source }) => {
    const place = { path: (path ?? "").replace(/\/+$/, ""), source };
    const found = place.path === "" ? [] : seen.filter((other) =>
      other.path !== "" &&
      (`${other.path}/`.startsWith(`${place.path}/`) || `${place.path}/`.startsWith(`${other.path}/`))
    );
    seen.push(place);
    return found.map((other) => `${text(place)} with ${text(other)}`);
  });
}
