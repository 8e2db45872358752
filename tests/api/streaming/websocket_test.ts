import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { WebSocket } from "ws";
import { exitStatus, SUCCESS } from "../../../cluster/memory/api/streaming/remote_command.ts";
import { websocketRemoteCommand } from "../../../cluster/memory/api/streaming/websocket_remote_command.ts";
import { internalError } from "../../../cluster/memory/api/status.ts";
import type { Status } from "../../../cluster/memory/kinds/schema/types.ts";

/** What a client is told at a command's end. */
function told(protocol: string, status: Status): Status {
  const messages: Uint8Array[] = [];
  const socket = Object.assign(new EventEmitter(), {
    protocol,
    OPEN: 1,
    readyState: 1,
    send: (message: Uint8Array) => void messages.push(message),
    close() {},
  });
  const options = { stdin: false, stdout: true, stderr: true, tty: false };
  websocketRemoteCommand(socket as unknown as WebSocket, options).finish(status);
  const last = messages.at(-1)!;
  assert.equal(last[0], 3);
  return JSON.parse(new TextDecoder().decode(last.subarray(1)));
}

const NOT_THERE = internalError("error executing command in container: …").status;

Deno.test("websocket: what the kubelet says of a command that could not start is wrapped by the newest version", () => {
  const { message, ...rest } = told("v5.channel.k8s.io", NOT_THERE);
  assert.equal(
    message,
    "Internal error occurred: Internal error occurred: error executing command in container: …",
  );
  assert.deepEqual([rest.reason, rest.code], ["InternalError", 500]);
  assert.deepEqual(told("v4.channel.k8s.io", NOT_THERE), NOT_THERE);
});

Deno.test("websocket: ends of commands are told as they are", () => {
  for (const status of [SUCCESS, exitStatus(3)]) assert.deepEqual(told("v5.channel.k8s.io", status), status);
});
