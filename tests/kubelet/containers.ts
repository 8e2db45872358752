/** Pods and containers as the tests write them, and clusters that they are run in. */
import { type TestCluster, testCluster, type TestClusterOptions } from "./cluster.ts";

export type PodSpec = Parameters<TestCluster["run"]>[0];
export type Container = NonNullable<PodSpec["containers"]>[number];

export const nginx: Container = { name: "app", image: "nginx:1.27" };

/** A container of a name that runs a script. */
export const namedShell = (name: string, script: string, more: Partial<Container> = {}): Container => ({
  name,
  image: "busybox:1.36",
  command: ["sh", "-c", script],
  ...more,
});

/** The same for a pod that has one alone. */
export const shell = (script: string, more?: Partial<Container>): Container => namedShell("app", script, more);

/** Runs something in a cluster that ends with it and must have reported nothing. */
export async function withCluster(
  run: (cluster: TestCluster) => Promise<void>,
  options?: TestClusterOptions,
): Promise<void> {
  const cluster = await testCluster(options);
  try {
    await run(cluster);
  } finally {
    cluster.stop();
  }
}
