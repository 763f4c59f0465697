import { describe } from "vitest";
import { itTellsApart } from "../twins.case.ts";

describe("aliases of exports", () => {
  const instance = '(import "i" (instance $i (export "f" (func)) (export "t" (type (sub resource)))))';
  const core =
    '(core module $m (func (export "f")) (memory (export "m") 1)) (core instance $i (instantiate $m))';
  itTellsApart([
    ['instance 0 has no export "g"', `(component ${instance} (alias export $i "«f|g»" (func)))`],
    [
      'export "f" of instance 0 is a func, expected an instance',
      `(component ${instance} (alias export $i "f" («func|instance»)))`,
    ],
    ["instance index 1 is out of range", `(component ${instance} (alias export «0|1» "f" (func)))`],
    ['core instance 0 has no export "g"', `(component ${core} (alias core export $i "«f|g»" (core func)))`],
    [
      'export "f" of core instance 0 is a func, expected a memory',
      `(component ${core} (alias core export $i "«m|f»" (core memory)))`,
    ],
    [
      "alias of a func inside a component type: only instances and types are allowed",
      `(component (type (component ${instance} (alias export $i "«t|f»" («type|func»)))))`,
    ],
  ]);
});

describe("outer aliases", () => {
  itTellsApart([
    [
      "type index 1 is out of range: 1 defined so far",
      "(component (type u8) (component (alias outer 1 «0|1» (type))))",
    ],
    ["outer alias reaches 2 scopes out", "(component (type u8) (component (alias outer «1|2» 0 (type))))"],
    [
      "core module index 1 is out of range",
      "(component (core module) (component (alias outer 1 «0|1» (core module))))",
    ],
    [
      "component index 1 is out of range",
      "(component (component) (component (alias outer 1 «0|1» (component))))",
    ],
    [
      "core type index 1 is out of range",
      "(component (core type (func)) (component (alias outer 1 «0|1» (core type))))",
    ],
    [
      "outer alias of a type that refers to resources",
      `(component (import "r" (type $r (sub resource))) (type $t (list «u8|(own $r)»))
        (component (alias outer 1 $t (type))))`,
    ],
    [
      "outer alias of a module inside a component type: only types are allowed",
      `(component (core module) (core type (func)) (type (component (alias outer 1 0 (core «type|module»)))))`,
    ],
  ]);
});
