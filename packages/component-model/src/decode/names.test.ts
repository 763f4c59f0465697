import { describe } from "vitest";
import { itTellsApart } from "../twins.case.ts";

const imported = (name: string, type = "(func)") => `(component (import "${name}" ${type}))`;

describe("names", () => {
  itTellsApart([
    ['"" is not a valid name of an import: "" is not in kebab case', imported("«a|»")],
    ['"a--b" is not in kebab case', imported("a«-b|--b»")],
    ['"Ab" is not in kebab case', imported("«ab|Ab»")],
    ['"TyPes" is not in kebab case', imported("a:b/«types|TyPes»")],
    ['"A" is not in kebab case', imported("«a|A»:b/c")],
    ['"B" is not in kebab case', imported("a:«b|B»/c")],
    ["expected `/` after the name of the package", imported("a:b«/c|»")],
    ["expected `/` after the name of the package", imported("a:b«/c|:d/e»")],
    ['unexpected "/d" after the name of the interface', imported("a:b/c«|/d»")],
    ['"1." is not a semantic version', imported("a:b/c@1«|.»")],
    ['"" is not a semantic version', imported("a:b/c@«1|»")],
    ['"1.0" is not a semantic version', imported("a:b/c@1.0«.0|»")],
    ['"1.02.0" is not a semantic version', imported("a:b/c@1.«2|02».0")],
    ['"1.0.0-" is not a semantic version', imported("a:b/c@1.0.0-«a|»")],
    ['"1.0.0-a..b" is not a semantic version', imported("a:b/c@1.0.0-a«|.».b")],
    ['"1.0.0-01" is not a semantic version', imported("a:b/c@1.0.0-«|0»1")],
    ['"1.0.0+" is not a semantic version', imported("a:b/c@1.0.0+«01|»")],
    [
      "there is no annotation [getter]",
      `(component (import "a" (type $a (sub resource))) (import "[«static|getter»]a.b" (func)))`,
    ],
    [
      "expected a `.` between the resource and the function",
      `(component (import "a" (type $a (sub resource))) (import "[static]a«.b|»" (func)))`,
    ],
    [
      "cannot name an export",
      '(component (import "f" (func $f)) (export "«f|integrity=<sha256-abc>»" (func $f)))',
    ],
  ]);
});

describe("names of one scope", () => {
  itTellsApart([
    [
      'import name "A" conflicts with the earlier "a"',
      '(component (import "a" (func)) (import "«B|A»" (func)))',
    ],
    [
      'export name "a" conflicts with the earlier "a"',
      '(component (import "f" (func $f)) (export "a" (func $f)) (export "«b|a»" (func $f)))',
    ],
    [
      'export name "a" conflicts with the earlier "a"',
      '(component (import "f" (func $f)) (instance (export "a" (func $f)) (export "«b|a»" (func $f))))',
    ],
    [
      'import name "a" conflicts with the earlier "a"',
      '(component (type (component (import "a" (func)) («export|import» "a" (func)))))',
    ],
    [
      'import name "a:b/c@1.0.0" conflicts',
      '(component (import "a:b/c@1.0.0" (func)) (import "a:b/c@1.0.«1|0»" (func)))',
    ],
    [
      'import name "[method]a.a" conflicts with the earlier "a"',
      '(component (import "a" (type $a (sub resource))) (import "[method]a.«b|a»" (func (param "self" (borrow $a)))))',
    ],
    [
      'import name "[static]a.b" conflicts with the earlier "[method]a.b"',
      `(component (import "a" (type $a (sub resource))) (import "[method]a.b" (func (param "self" (borrow $a))))
        (import "[static]a.«c|b»" (func)))`,
    ],
  ]);
});

describe("what names promise", () => {
  const a = '(import "a" (type $a (sub resource)))';
  const b = '(import "b" (type $b (sub resource)))';
  itTellsApart([
    ["expected a function, found instance", `(component ${a} (import "[static]a.f" («func|instance»)))`],
    ["no resource b is named before it", `(component ${a} (import "[static]«a|b».f" (func)))`],
    [
      "expected a function that returns own<a> or result<own<a>, …>",
      `(component ${a} (import "[constructor]a" (func «(result (own $a))|»)))`,
    ],
    [
      "expected a function that returns own<a> or result<own<a>, …>",
      `(component ${a} (import "[constructor]a" (func (result (result («own $a|list u8») (error string))))))`,
    ],
    [
      "[constructor]a: its resource is named b here, expected a",
      `(component ${a} ${b} (import "[constructor]a" (func (result (own $«a|b»)))))`,
    ],
    [
      "first parameter is self: borrow<a>",
      `(component ${a} (import "[method]a.f" (func «(param "self" (borrow $a))|»)))`,
    ],
    [
      "first parameter is self: borrow<a>",
      `(component ${a} (import "[method]a.f" (func (param "«self|this»" (borrow $a)))))`,
    ],
    [
      "first parameter is self: borrow<a>",
      `(component ${a} (import "[method]a.f" (func (param "self" («borrow|own» $a)))))`,
    ],
    [
      "[method]a.f: its resource is named b here, expected a",
      `(component ${a} ${b} (import "[method]a.f" (func (param "self" (borrow $«a|b»)))))`,
    ],
    [
      "[method]t.f: its resource has no name among the imports before it",
      `(component (import "i" (instance $i (export "t" (type (sub resource))))) (alias export $i "t" (type $inner))
        (import "t" (type $t (eq $inner))) (import "[method]t.f" (func (param "self" (borrow $«t|inner»)))))`,
    ],
    [
      "[method]b.f: its resource has no name among the exports before it",
      `(component ${b} (import "f" (func $f (param "self" (borrow $b)))) (export $c "b" (type $b))
        (export "[method]b.f" (func $f) (func (param "self" (borrow $«c|b»)))))`,
    ],
    [
      "[constructor]a: its resource has no name among the exports before it",
      `(component ${a} (import "make" (func $make (result (own $a))))
        (instance (export "a" (type $a)) (export "«make|[constructor]a»" (func $make))))`,
    ],
    [
      "no resource a is named before it",
      '(component (type (instance «(export "a" (type (sub resource)))|» (export "[static]a.f" (func)))))',
    ],
  ]);
});

describe("attributes of names", () => {
  itTellsApart([
    [
      'implements "a": expected the name of an interface',
      '(component (import "x" (implements "«a:b/c|a»") (instance)))',
    ],
    [
      "only instances can implement an interface",
      '(component (import "x" (implements "a:b/c") («instance|func»)))',
    ],
    ["a:b/x: only a plain name", '(component (import "«x|a:b/x»" (implements "a:b/c") (instance)))'],
    [
      "conflicts with the earlier",
      '(component (import "x" (external-id "1") (func)) (import "«y|x»" (external-id "2") (func)))',
    ],
  ]);
});
