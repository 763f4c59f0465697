import { describe } from "vitest";
import { itTellsApart } from "../twins.case.ts";

const component = (text: string) => `(component ${text})`;

describe("members of types", () => {
  itTellsApart([
    ["record without any member", component('(type (record «(field "x" u8)|»))')],
    ["variant without any member", component('(type (variant «(case "x")|»))')],
    ["enum without any member", component('(type (enum «"x"|»))')],
    ["flags without any member", component('(type (flags «"x"|»))')],
    ["tuple without any member", component("(type (tuple «u8|»))")],
    ['field name "" is not in kebab case', component('(type (record (field "«x|»" u8)))')],
    ['case name "" is not in kebab case', component('(type (variant (case "«x|»")))')],
    ['flag name "" is not in kebab case', component('(type (flags "«x|»"))')],
    ['enum case name "" is not in kebab case', component('(type (enum "«x|»"))')],
    ['parameter name "" is not in kebab case', component('(type (func (param "«x|»" u8)))')],
    ['field name "mixEd" is not in kebab case', component('(type (record (field "mi«xed|xEd»" u8)))')],
    ['case name "a--b" is not in kebab case', component('(type (variant (case "a-«b|-b»")))')],
    ['flag name "1a" is not in kebab case', component('(type (flags "«a1|1a»"))')],
    ['enum case name "a_b" is not in kebab case', component('(type (enum "a«-|_»b"))')],
    ['parameter name "-a" is not in kebab case', component('(type (func (param "«|-»a" u8)))')],
    [
      'field name "A-b" conflicts with the earlier "a-B"',
      component('(type (record (field "a-B" u8) (field "A-«c|b»" u8)))'),
    ],
    [
      'case name "X" conflicts with the earlier "x"',
      component('(type (variant (case "x") (case "«y|X»" u8)))'),
    ],
    ['flag name "x" conflicts with the earlier "x"', component('(type (flags "x" "«y|x»"))')],
    ['enum case name "X" conflicts with the earlier "x"', component('(type (enum "x" "«x1|X»"))')],
    [
      'parameter name "FOO" conflicts with the earlier "foo"',
      component('(type (func (param "foo" u8) (param "«BAR|FOO»" u8)))'),
    ],
    [
      "flags with 33 labels, the limit is 32",
      component(
        `(type (flags ${Array.from({ length: 32 }, (_, index) => `"f${index}"`).join(" ")} «|"one-more"»))`,
      ),
    ],
  ]);
});

describe("types that types refer to", () => {
  itTellsApart([
    ["type index 1 is out of range: 1 defined so far", component("(type u8) (type (list «0|1»))")],
    ["type 0 is a func type, expected a value type", component("(type «u8|(func)») (type (option 0))")],
    [
      "type 0 is an instance type, expected a value type",
      component("(type «u8|(instance)») (type (list 0))"),
    ],
    [
      "type 0 is a resource type, expected a value type",
      component("(type «u8|(resource (rep i32))») (type (list 0))"),
    ],
    [
      "type 0 is a value type, expected a func type",
      component('(type «(func)|u8») (import "f" (func (type 0)))'),
    ],
    [
      "type 0 is a func type, expected an instance type",
      component('(type «(instance)|(func)») (import "i" (instance (type 0)))'),
    ],
    [
      "type 0 is an instance type, expected a component type",
      component('(type «(component)|(instance)») (import "c" (component (type 0)))'),
    ],
    [
      "core type 0 is a func type, expected a module type",
      component('(core type «(module)|(func)») (import "m" (core module (type 0)))'),
    ],
    [
      "type 0 is a value type, expected a resource type",
      component("(type «(resource (rep i32))|u32») (type (own 0))"),
    ],
    [
      "type 0 is a value type, expected a resource type",
      component("(type «(resource (rep i32))|u32») (type (borrow 0))"),
    ],
    [
      "function result with a borrow",
      component('(import "r" (type $r (sub resource))) (type (func (result (list («own|borrow» $r)))))'),
    ],
    [
      "resource defined inside a component type",
      component("(type (component (type «u32|(resource (rep i32))»)))"),
    ],
    [
      "resource defined inside an instance type",
      component("(type (instance (type «u32|(resource (rep i32))»)))"),
    ],
    [
      "map with keys of f32: expected an integer, bool, char or string",
      component("(type (map «s32|f32» string))"),
    ],
    ["type of 268435456 bytes per element", component("(type (list u8 «268435455|268435456»))")],
    [
      "type of 536870896 bytes per element",
      component("(type $t (tuple u64 u64)) (type (list $t «16777215|33554431»))"),
    ],
  ]);
});

describe("resources", () => {
  itTellsApart([
    [
      "destructor of the core type () -> (), expected (i32) -> ()",
      component(`(core module $m (func (export "d") «(param i32)|»)) (core instance $i (instantiate $m))
        (type (resource (rep i32) (dtor (core func $i "d"))))`),
    ],
    [
      "resource.new of resource r, which this component does not define",
      component(`(type $mine (resource (rep i32))) (import "r" (type $r (sub resource)))
        (core func (canon resource.new $«mine|r»))`),
    ],
    [
      "resource.rep of resource r, which this component does not define",
      component(`(type $mine (resource (rep i32))) (import "r" (type $r (sub resource)))
        (core func (canon resource.rep $«mine|r»))`),
    ],
    [
      "expected a resource type",
      component("(type $r «(resource (rep i32))|u8») (core func (canon resource.drop $r))"),
    ],
  ]);
});

describe("types of modules", () => {
  itTellsApart([
    [
      'duplicate export "a" in a module type',
      component('(core type (module (export "a" (func)) (export "«b|a»" (func))))'),
    ],
    [
      'duplicate import "a" "b" in a module type',
      component('(core type (module (import "a" "b" (func)) (import "a" "«c|b»" (func))))'),
    ],
    ["of more than 65536 pages", component('(core type (module (import "" "m" (memory «65536|65537»))))')],
    [
      "minimum 2 is above maximum 1",
      component('(core type (module (import "" "t" (table «1|2» 1 funcref))))'),
    ],
    [
      "core type index 1 is out of range",
      component('(core type (module (type (func)) (import "" "f" (func (type «0|1»)))))'),
    ],
  ]);
});

describe("core modules", () => {
  itTellsApart([
    [
      'duplicate import "a" "b" of a core module',
      component('(core module (import "a" "b" (func)) (import "a" "«c|b»" (func)))'),
    ],
    [
      'duplicate export "a" of a core module',
      component('(core module (func (export "a") (export "«b|a»")))'),
    ],
    ["Compiling function", component("(core module (func (result i32) («i32|i64».const 1)))")],
    ["core func index 1 at byte", component('(core module (func) (export "f" (func «0|1»)))')],
  ]);
});
