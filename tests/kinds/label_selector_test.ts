import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatLabelSelector,
  formatSelector,
  labelSelectorMatches,
  parseLabelSelector,
  selectorMatches,
  selectorOf,
  selectorOfSet,
  validateLabelSelector,
} from "../../cluster/memory/kinds/label_selector.ts";

// From k8s.io/apimachinery/pkg/labels/selector_test.go: the text and how it is written again.
const TEXTS: Readonly<Record<string, string>> = {
  "": "",
  "x=a,y=b,z=c": "x=a,y=b,z=c",
  "z=c, x = a": "x=a,z=c",
  "x!=a,y=b": "x!=a,y=b",
  "x=": "x=",
  "x= ": "x=",
  "x=,z= ": "x=,z=",
  "x== a": "x==a",
  "!x": "!x",
  "x>1": "x>1",
  "x>1,z<5": "x>1,z<5",
  "x in (b,a)": "x in (a,b)",
  "x in (a,,b)": "x in (,a,b)",
  "x notin (a), y": "x notin (a),y",
  "x in ()": "x in ()",
  "x in (in,notin)": "x in (in,notin)",
  "notin=in": "notin=in",
  "in in (in)": "in in (in)",
};

for (const [text, formatted] of Object.entries(TEXTS)) {
  Deno.test(`label selector "${text}"`, () => assert.equal(formatSelector(parseLabelSelector(text)), formatted));
}

const WRONG: Readonly<Record<string, string>> = {
  "x=a||y=b":
    `unable to parse requirement: values[0][x]: Invalid value: "a||y": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  "x==a==b": "found '==', expected: ',' or 'end of string'",
  "a b": "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
  "x,": "found '', expected: identifier after ','",
  ",x": "found ',', expected: !, identifier, or 'end of string'",
  "!": "unable to parse requirement: found '', expected: identifier",
  "!x=a": "found '=', expected: ',' or 'end of string'",
  "x in a": "unable to parse requirement: found 'a' expected: '('",
  "x in (a b)": "unable to parse requirement: found 'b', expected: ',' or ')'",
  "x in (a": "unable to parse requirement: found '', expected: ',' or ')'",
  "x>a":
    `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
  "x=(": "unable to parse requirement: found '(', expected: identifier",
};

for (const [text, message] of Object.entries(WRONG)) {
  Deno.test(`label selector "${text}" is refused`, () => assert.throws(() => parseLabelSelector(text), { message }));
}

Deno.test("a key that is none is named without a path", () => {
  assert.throws(
    () => parseLabelSelector("a/b/c=d"),
    /^SelectorError: unable to parse requirement: <nil>: Invalid value: "a\/b\/c"/,
  );
});

const keys = fc.constantFrom("app", "tier", "example.com/part", "in");
const values = fc.constantFrom("", "web", "api", "3", "notin");
const requirement = fc.oneof(
  fc.tuple(keys, fc.constantFrom("=", "==", "!="), values).map((parts) => parts.join("")),
  fc.tuple(keys, fc.constantFrom("in", "notin"), fc.uniqueArray(values, { minLength: 1 }))
    .map(([key, operator, set]) => `${key} ${operator} (${set.join(",")})`),
  keys,
  keys.map((key) => `!${key}`),
);
const texts = fc.array(requirement, { maxLength: 4 }).map((requirements) => requirements.join(","));

Deno.test("a selector's text is read as the same selector", () => {
  fc.assert(fc.property(texts, (text) => {
    const selector = parseLabelSelector(text);
    assert.deepEqual(parseLabelSelector(formatSelector(selector)), selector);
  }));
});

Deno.test("no text makes the parser fail otherwise than by its own errors", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."ab=!,() <>/") }), (text) => {
    try {
      parseLabelSelector(text);
    } catch (error) {
      assert.equal((error as Error).name, "SelectorError");
    }
  }));
});

Deno.test("= and != are opposites", () => {
  fc.assert(fc.property(keys, values, fc.dictionary(keys, values), (key, value, labels) => {
    const is = selectorMatches(parseLabelSelector(`${key}=${value}`), labels);
    assert.equal(selectorMatches(parseLabelSelector(`${key}!=${value}`), labels), !is);
    assert.equal(is, selectorMatches(selectorOfSet({ [key]: value }), labels));
  }));
});

Deno.test("numbers compare as numbers", () => {
  assert.equal(selectorMatches(parseLabelSelector("cores>9"), { cores: "10" }), true);
  assert.equal(selectorMatches(parseLabelSelector("cores<9"), { cores: "10" }), false);
  assert.equal(selectorMatches(parseLabelSelector("cores>9"), { cores: "many" }), false);
});

Deno.test("an empty LabelSelector selects everything, none at all nothing", () => {
  assert.equal(labelSelectorMatches({}, {}), true);
  assert.equal(labelSelectorMatches(undefined, {}), false);
  assert.equal(selectorOf(undefined), undefined);
  const selector = {
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "a", operator: "In", values: ["y", "x"] }],
  };
  assert.equal(formatLabelSelector(selector), "a in (x,y),app=web");
  assert.equal(formatLabelSelector(undefined), "<none>");
  assert.equal(formatLabelSelector({ matchExpressions: [{ key: "a", operator: "Like" }] }), "<error>");
});

Deno.test("errors of a LabelSelector object", () => {
  const selector = {
    matchExpressions: [{ key: "a", operator: "In" }, { key: "a", operator: "Exists", values: ["x"] }, {
      key: "a",
      operator: "like",
      values: ["x"],
    }],
  };
  assert.deepEqual(
    validateLabelSelector(selector, "spec.selector").map(({ field, message }) => `${field}: ${message}`),
    [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      `spec.selector.matchExpressions[2].operator: Invalid value: "like": not a valid selector operator`,
    ],
  );
});
