import assert from "node:assert/strict";
import { authenticator, staticTokens } from "../../../cluster/memory/api/authn/authenticator.ts";
import { impersonated } from "../../../cluster/memory/api/authn/impersonation.ts";
import { allowAll } from "../../../cluster/memory/api/authz/authorizer.ts";
import { authenticated } from "../../../cluster/memory/api/user.ts";
import { request } from "../testing.ts";

const authenticate = authenticator(staticTokens({ secret: { name: "alice", groups: ["dev"] } }));
const withHeaders = (headers: Record<string, string>) => request("GET", "/api", undefined, headers);

Deno.test("a token stands for its user, who is then somebody", async () => {
  assert.deepEqual(await authenticate(withHeaders({ authorization: "Bearer secret" })), {
    name: "alice",
    groups: ["dev", "system:authenticated"],
  });
});

Deno.test("a token that stands for nobody is refused; without any, one is anonymous", async () => {
  await assert.rejects(async () => await authenticate(withHeaders({ authorization: "Bearer wrong" })), { code: 401 });
  for (const authorization of ["", "Basic YTpi", "Bearer"]) {
    const user = await authenticate(withHeaders({ authorization }));
    assert.deepEqual(user, { name: "system:anonymous", groups: ["system:unauthenticated"] });
  }
});

Deno.test("a certificate comes before a token", async () => {
  const certificateUser = { name: "bob", groups: ["ops"] };
  const user = await authenticate({ ...withHeaders({ authorization: "Bearer wrong" }), certificateUser });
  assert.deepEqual([user.name, user.groups], ["bob", ["ops", "system:authenticated"]]);
});

const act = (headers: Record<string, string>) => impersonated(withHeaders(headers), authenticated("root"), allowAll);

Deno.test("who is impersonated has the groups that were named, and is somebody", () => {
  assert.deepEqual(act({ "impersonate-user": "carol", "impersonate-group": "a,b", "impersonate-extra-scopes": "x" }), {
    name: "carol",
    groups: ["a", "b", "system:authenticated"],
    extra: { scopes: ["x"] },
  });
  assert.deepEqual(act({ "impersonate-user": "system:anonymous" }).groups, ["system:unauthenticated"]);
  assert.deepEqual(act({ "impersonate-user": "system:serviceaccount:a:b" }).groups, [
    "system:serviceaccounts",
    "system:serviceaccounts:a",
    "system:authenticated",
  ]);
  assert.equal(act({}).name, "root");
  assert.throws(() => act({ "impersonate-group": "a" }), /without impersonating a user/);
});
