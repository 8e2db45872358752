import assert from "node:assert/strict";
import { CorefileError, parseCorefile, serverFor } from "../../../cluster/memory/network/dns/corefile.ts";

Deno.test("Corefile: servers, their zones and ports, plugins and their options", () => {
  const servers = parseCorefile(`
.:53 {
    errors # said aloud
    kubernetes cluster.local in-addr.arpa {
       pods insecure
       fallthrough in-addr.arpa
    }
}
example.org, example.com:1053 {
    whoami
}
`);
  assert.deepEqual(servers.map(({ zones, port }) => ({ zones, port })), [
    { zones: ["."], port: 53 },
    { zones: ["example.org.", "example.com."], port: 53 },
  ]);
  assert.deepEqual(servers[0].plugins, [
    { name: "errors", args: [], options: [] },
    {
      name: "kubernetes",
      args: ["cluster.local", "in-addr.arpa"],
      options: [["pods", "insecure"], ["fallthrough", "in-addr.arpa"]],
    },
  ]);
});

Deno.test("Corefile: the longest zone answers", () => {
  const servers = parseCorefile(".:53 {\n errors\n}\nexample.org {\n whoami\n}\n");
  assert.equal(serverFor(servers, "a.example.org."), servers[1]);
  assert.equal(serverFor(servers, "example.org."), servers[1]);
  assert.equal(serverFor(servers, "counterexample.org."), servers[0]);
  assert.equal(serverFor(servers.slice(1), "a.com."), undefined);
});

for (
  const [what, text, message] of [
    [
      "an unknown plugin",
      ".:53 {\n  kubernetess\n}\n",
      /Corefile:2 - Error during parsing: Unknown directive 'kubernetess'/,
    ],
    ["a block that does not end", ".:53 {\n  errors\n", /a block is not closed/],
    ["a plugin's block that does not end", ".:53 {\n  kubernetes {\n  pods insecure\n}\n", /a block is not closed/],
    ["a server without a block", ".:53\n", /Expected '\{'/],
    ["a bracket too many", ".:53 {\n}\n}\n", /Unexpected '\}'/],
  ] as const
) {
  Deno.test(`Corefile: ${what} is an error`, () => {
    assert.throws(() => parseCorefile(text), (error) => error instanceof CorefileError && message.test(error.message));
  });
}
