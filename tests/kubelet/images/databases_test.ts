/** Databases and their clients: what they need, what they keep, what they say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSql } from "../../../cluster/memory/kubelet/images/sql/parse.ts";
import { SqlSyntaxError } from "../../../cluster/memory/kubelet/images/sql/tokens.ts";
import type { VolumeContent } from "../../../cluster/memory/kubelet/runtime/runtime.ts";
import { container } from "../runtime/container.ts";
import { RESOLV_CONF, smallNetwork } from "../runtime/small_network.ts";

const data = (path: string, volume: VolumeContent) => ({ mounts: [{ path, readOnly: false, volume }] });

async function database(image: string, env: Readonly<Record<string, string>>, more = {}) {
  const started = container(image, undefined, { env, ...more });
  await started.clock.settle();
  return { ...started, run: async (...words: readonly string[]) => (await started.exec(words)).text };
}

Deno.test("mysql: tables are made, filled and asked, and survive the container on a volume", async () => {
  const volume: VolumeContent = { files: new Map() };
  const env = { MYSQL_ROOT_PASSWORD: "pw", MYSQL_DATABASE: "shop" };
  const first = await database("mysql:8.4", env, data("/var/lib/mysql", volume));
  const quietly = async (sql: string) =>
    (await first.exec(["sh", "-c", `mysql -uroot -ppw shop -e "${sql}" 2>/dev/null`])).text;
  assert.match(await first.run("mysql", "-uroot", "-ppw", "-e", "show databases"), /\nmysql\n.*\nshop\nsys\n$/);
  assert.equal(await quietly("create table t (id int auto_increment primary key, name varchar(20))"), "");
  assert.equal(await quietly("insert into t (name) values ('mina'), ('kim')"), "");
  assert.equal(await quietly("select * from t where name like 'm%' order by id desc"), "id\tname\n1\tmina\n");
  assert.equal(await quietly("select count(*) as n from t; select 1+1"), "n\n2\n1+1\n2\n");
  const again = await database("mysql:8.4", {}, data("/var/lib/mysql", volume));
  assert.match(again.output(), /ready for connections/);
  assert.match(
    await first.run("mysql", "-uroot", "-pwrong", "-e", "select 1"),
    /ERROR 1045 \(28000\): Access denied for user 'root'@'localhost' \(using password: YES\)/,
  );
  assert.match(await first.run("mysql", "-uroot", "-ppw", "-e", "selec 1"), /ERROR 1064 \(42000\).*near 'selec 1'/);
  assert.match(
    await first.run("mysql", "-uroot", "-ppw", "shop", "-e", "select * from x"),
    /ERROR 1146 .*'shop.x' doesn't/,
  );
});

Deno.test("postgres: over the network a password is needed, and psql shows tables its way", async () => {
  const server = await database("postgres:17", { POSTGRES_PASSWORD: "pw", POSTGRES_DB: "shop" });
  assert.equal(
    await server.run("psql", "-U", "postgres", "-c", "select 1"),
    " ?column? \n----------\n        1\n(1 row)\n\n",
  );
  const client = container("postgres:17", ["sleep", "infinity"], {
    network: smallNetwork({ db: server.process }),
    resolvConf: RESOLV_CONF,
  });
  const ask = async (script: string) => (await client.exec(["sh", "-c", script])).text;
  assert.equal(
    await ask(
      "PGPASSWORD=pw psql -h db -U postgres shop -c 'create table t (a int)' -c 'insert into t values (3)' -c 'table'",
    ),
    'CREATE TABLE\nINSERT 0 1\nERROR:  syntax error at or near "table"\nLINE 1: table\n',
  );
  assert.equal(await ask("psql postgresql://postgres:pw@db/shop -c 'select a from t'"), " a \n---\n 3\n(1 row)\n\n");
  assert.match(
    await ask("PGPASSWORD=no psql -h db -U postgres"),
    /FATAL: {2}password authentication failed for user "postgres"/,
  );
  assert.match(await ask("psql -h nobody"), /could not translate host name "nobody" to address/);
  assert.match(
    await ask("psql -h db -p 1"),
    /connection to server at "db" \(10\.0\.0\.1\), port 1 failed: Connection refused/,
  );
});

Deno.test("databases: without a password they say what they need", async () => {
  const poor = await database("mysql:8.4", {});
  assert.match(poor.output(), /password option is not specified\n {4}You need to specify one of the following/);
  assert.equal(poor.ended()?.code, 1);
  assert.equal((await database("mariadb:11", { MARIADB_ROOT_PASSWORD_FILE: "/x" })).ended(), undefined);
});

Deno.test("SQL: whatever is typed is a statement or a syntax error", () => {
  const words =
    "select insert into values create table where and * ( ) , ; 'a' 1 = < t a.b order by limit from set update -- \" '"
      .split(" ");
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })), { maxLength: 12 }),
      (parts) => {
        try {
          parseSql(parts.join(" "));
        } catch (error) {
          assert.ok(error instanceof SqlSyntaxError, String(error));
        }
      },
    ),
    { numRuns: 500 },
  );
});
