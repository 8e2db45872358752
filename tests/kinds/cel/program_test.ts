import assert from "node:assert/strict";
import { CompileError, CostExceeded, EvaluationFailure } from "../../../cluster/memory/kinds/cel/cel_error.ts";
import { loadCel } from "../../../cluster/memory/kinds/cel/engine.ts";
import { newEnvironment } from "../../../cluster/memory/kinds/cel/environment.ts";
import { compile } from "../../../cluster/memory/kinds/cel/program.ts";

await loadCel();

const environment = newEnvironment().registerVariable("x", "int").registerVariable("names", "list<string>");
const evaluate = (source: string) => compile(environment, source).evaluate({ x: 3n, names: ["a", "b"] });

for (
  const source of [
    "x > 2 && names.all(n, n.size() == 1)",
    'quantity("1Gi").isGreaterThan(quantity("500Mi"))',
    'quantity("1.5").add(quantity("500m")).compareTo(quantity("2")) == 0',
    'quantity("50k").isInteger() && quantity("50k").asInteger() == 50000',
    '!isQuantity("1Qi")',
    'url("https://a.example:8443/b%20c?q=1&q=2").getPort() == "8443"',
    'url("https://a.example:8443/b").getHostname() == "a.example"',
    'url("/b?q=1&q=2").getQuery()["q"] == ["1", "2"]',
    '!isURL("../x")',
    'ip("::1").isLoopback() && ip("10.0.0.1").family() == 4',
    'ip.isCanonical("127.0.0.1") && !ip.isCanonical("2001:DB8::1")',
    'cidr("10.0.0.0/8").containsIP("10.1.2.3") && cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16")',
    'cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")',
    '"abc 123".find("[0-9]+") == "123"',
    '"123 abc 456".findAll("[0-9]+") == ["123", "456"]',
    '"1 2 3".findAll("[0-9]+", 2) == ["1", "2"]',
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab".matches("^(a+)+$") == false',
    "[1, 2, 3].isSorted() && [3, 1].min() == 1 && [3, 1].max() == 3 && [1, 2].sum() == 3",
    '["a", "b", "a"].lastIndexOf("a") == 2 && [[1], [2, 3]].flatten() == [1, 2, 3]',
    "[3, 1, 2].sort() == [1, 2, 3] && [1, 1].distinct() == [1] && [1, 2, 3].slice(1, 2) == [2]",
    "sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 3])",
    '"%s is %d, %.2f".format([names[0], x, 1.5]) == "a is 3, 1.50"',
    '"tacocat".replace("cat", "dog") == "tacodog" && "abc".charAt(1) == "b"',
    "optional.of(x).optMap(v, v + 1).orValue(0) == 4",
    'semver("1.2.3").isLessThan(semver("1.10.0")) && isSemver("1.2.3-rc.1")',
    'format.dns1123Label().validate("web").hasValue() == false && format.dns1123Label().validate("Web").hasValue()',
    'timestamp("2026-01-01T00:00:00Z") < timestamp("2026-01-02T00:00:00Z")',
    'duration("90m") > duration("1h")',
  ]
) {
  Deno.test(source, () => assert.equal(evaluate(source), true));
}

for (
  const [source, message] of [
    ["y > 2", "ERROR: <input>:1:1: undeclared reference to 'y' (in container '')\n | y > 2\n | ^"],
    [
      "x > 'a'",
      "ERROR: <input>:1:3: found no matching overload for '_>_' applied to '(int, string)'\n | x > 'a'\n | ..^",
    ],
    [
      "names.frob()",
      "ERROR: <input>:1:11: undeclared reference to 'frob' (in container '')\n | names.frob()\n | ..........^",
    ],
    [
      "x.size()",
      "ERROR: <input>:1:7: found no matching overload for 'size' applied to 'int.()'\n | x.size()\n | ......^",
    ],
    [
      "x >",
      "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', " +
      "'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | x >\n | ...^",
    ],
    [
      "x == 3 &&\n  names == 1",
      "ERROR: <input>:2:9: found no matching overload for '_==_' applied to '(list(string), int)'\n |   names == 1\n | ........^",
    ],
  ] as const
) {
  Deno.test(`does not compile: ${source}`, () => {
    assert.throws(() => compile(environment, source), (error) => {
      assert(error instanceof CompileError);
      assert.equal(error.message, message);
      return true;
    });
  });
}

for (
  const [source, message] of [
    ["names[5] == 'a'", "index out of bounds: 5"],
    ["x / 0 == 1", "division by zero"],
    ["{'a': 1}['b'] == 1", "no such key: b"],
    [
      "quantity('x').isInteger()",
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    ["'a'.matches('(')", "error parsing regexp: missing closing ): `(`"],
  ] as const
) {
  Deno.test(`fails: ${source}`, () => {
    assert.throws(() => evaluate(source), (error) => {
      assert(error instanceof EvaluationFailure, String(error));
      assert.equal(error.message, message);
      return true;
    });
  });
}

Deno.test("an evaluation ends with its budget", () => {
  const many = compile(environment, "names.all(a, names.all(b, names.all(c, a != 'x')))");
  const names = Array.from({ length: 300 }, (_, i) => `n${i}`);
  assert.throws(() => many.evaluate({ x: 1n, names }, { steps: 100_000 }), CostExceeded);
});

Deno.test("says which variables an expression takes", () => {
  assert.deepEqual([...compile(environment, "names.all(n, n.size() > x)").variables].sort(), ["n", "names", "x"]);
});
