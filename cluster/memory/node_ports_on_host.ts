/**
 * Opens the node ports of services on this machine's loopback interface, so that a browser reaches what runs inside.
 *
 * What comes is taken to a node of the cluster as a client outside of it would: services, their policies and endpoints
 * decide as ever. Only HTTP/1.1 and protocols of lines are spoken; who begins with TLS is turned away.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Client } from "./api/client.ts";
import { eventRecorder } from "./api/event_recorder.ts";
import type { Informers } from "./api/informer.ts";
import { nodes as nodeKind, services as serviceKind } from "./api/kind_refs.ts";
import type { Clock } from "./clock.ts";
import { nodeAddress } from "./kinds/core/node/address.ts";
import type { Service } from "./kinds/schema/types.ts";
import type { Connected, Network } from "./kubelet/runtime/network.ts";
import { serveConnection } from "./kubelet/server/forwarded_connection.ts";

export interface NodePortsOptions {
  readonly informers: Informers;
  readonly network: Network;
  readonly clock: Clock;
  /** Writes the events that say which ports are open. */
  readonly client: Client;
  readonly report: (where: string, error: unknown) => void;
}

const LOOPBACK = "127.0.0.1";
/** The client's address as the cluster sees it: that of the machine in the nodes' network. */
const OUTSIDE = { namespace: "", pod: "", ip: "172.30.0.1" };
const TLS_HANDSHAKE = 0x16;

/** @returns closes all ports */
export function openNodePorts({ informers, network, clock, client, report }: NodePortsOptions): () => void {
  const open = new Map<number, { readonly service: string; readonly server: Server }>();
  const services = informers.for(serviceKind);
  const nodes = informers.for(nodeKind);
  const recorder = eventRecorder({
    client,
    clock,
    component: "drydock",
    report: (error) => report("node ports", error),
  });

  /** The first node that leads on: traffic that has to stay on its node is answered by some only. */
  const connect = async (port: number): Promise<Connected> => {
    let outcome: Connected = "unreachable";
    for (const node of nodes.list()) {
      const address = nodeAddress(node, "InternalIP");
      if (address === undefined) continue;
      outcome = await network.connect(OUTSIDE, address, port);
      if (typeof outcome !== "string") return outcome;
    }
    return outcome;
  };

  const listen = (port: number, service: Service): void => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy()); // The client has gone.
      forward(socket, port, () => clock.track(connect(port))).catch((error) => {
        socket.destroy();
        report("node ports", error);
      });
    });
    server.on("close", () => sockets.forEach((socket) => socket.destroy()));
    server.on("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is in use by another program" : `cannot be opened: ${error.code}`;
      recorder.event(service, "Warning", "NodePortNotOpened", `Port ${port} of this machine ${why}`);
    });
    server.listen(port, LOOPBACK, () => {
      recorder.event(service, "Normal", "NodePortOpened", `Open on this machine: http://${LOOPBACK}:${port}`);
    });
    open.set(port, { service: nameOf(service), server });
  };
  const close = (port: number): void => {
    open.get(port)?.server.close();
    open.delete(port);
  };

  const follow = (service: Service): void => {
    const wanted = portsOf(service);
    for (const [port, opened] of open) if (opened.service === nameOf(service) && !wanted.includes(port)) close(port);
    for (const port of wanted) if (!open.has(port)) listen(port, service);
  };
  services.on({
    added: follow,
    updated: follow,
    deleted(service) {
      for (const [port, opened] of open) if (opened.service === nameOf(service)) close(port);
    },
  });
  return () => [...open.keys()].forEach(close);
}

const nameOf = ({ metadata }: Service): string => `${metadata.namespace}/${metadata.name}`;

const portsOf = ({ spec }: Service): readonly number[] =>
  (spec.ports ?? []).flatMap(({ nodePort, protocol = "TCP" }) => nodePort && protocol === "TCP" ? [nodePort] : []);

async function forward(socket: Socket, port: number, connect: () => Promise<Connected>): Promise<void> {
  const peer = await connect();
  // As the kernel of a node does: a port behind which nobody is resets the connection.
  if (typeof peer === "string") return void socket.resetAndDestroy();
  const input = new ReadableStream<Uint8Array>({
    start(controller) {
      let begun = false;
      socket.on("data", (chunk) => {
        if (!begun && chunk[0] === TLS_HANDSHAKE) socket.resetAndDestroy();
        begun = true;
        if (!socket.destroyed) controller.enqueue(Uint8Array.from(chunk as Uint8Array));
      });
      socket.once("close", () => {
        try {
          controller.close();
        } catch {
          // The reader has left before.
        }
      });
    },
  });
  await serveConnection({ http: (request) => peer.http(request), line: (_port, text) => peer.line(text) }, {
    port,
    input,
    output: (chunk) => void socket.write(chunk),
    end: () => void socket.end(),
  });
}
