import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RenderError } from "./errors.ts";
import { sanitiseSvg } from "./sanitise-svg.ts";

const wrap = (body: string, attributes = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"${attributes}>${body}</svg>`;

describe("sanitiseSvg", () => {
  it("keeps what draws", () => {
    const svg = wrap(
      '<g transform="rotate(5)"><path d="M0 0L1 1" stroke="#fff"/><text x="1">a &lt; b</text></g>',
    );
    const result = sanitiseSvg(svg);
    expect(result.removed).toEqual([]);
    expect(result).toMatchObject({ width: 10, height: 20 });
    expect(result.svg).toContain('<path d="M0 0L1 1" stroke="#fff"></path>');
    expect(result.svg).toContain("a &lt; b");
  });

  it.each([
    ["<script>alert(1)</script>", "script"],
    ['<rect onclick="alert(1)" width="1"/>', "onclick"],
    ["<style>@import url(http://x)</style>", "style"],
    ['<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>', "foreignObject"],
    ['<image href="http://example.com/a.png"/>', "example.com"],
    ['<image href="data:image/svg+xml,x"/>', "data:"],
    ['<linearGradient href="http://example.com/a.svg#x"/>', "example.com"],
    ['<a href="javascript:alert(1)"><rect/></a>', "javascript"],
    ['<rect fill="url(http://example.com/#a)"/>', "example.com"],
    ['<rect fill="url(&#x68;ttp://example.com/#a)"/>', "example.com"],
    ['<rect style="background:url(x)"/>', "style"],
    ['<animate attributeName="href" to="javascript:x"/>', "animate"],
    ['<set attributeName="onload" to="x"/>', "<set"],
    ["<g><script>1</script><iframe/></g>", "iframe"],
  ])("leaves out %s", (body, trace) => {
    const result = sanitiseSvg(wrap(`${body}<circle r="1"/>`));
    expect(result.svg).not.toContain(trace);
    expect(result.svg).toContain('<circle r="1">');
    expect(result.removed.length).toBeGreaterThan(0);
  });

  it.each(["use", "symbol", "pattern", "mask", "marker"])(
    "leaves out %s, which can repeat others",
    (name) => {
      const result = sanitiseSvg(
        wrap(`<${name} id="a" href="#b"><rect fill="#fff"/></${name}><rect fill="url(#a)" mask="url(#a)"/>`),
      );
      expect(result.svg).not.toContain(`<${name}`);
      expect(result.svg).not.toContain("mask=");
      expect(result.removed).toEqual([`<${name}>`, "mask"]);
    },
  );

  it("lets a clip path not be clipped itself", () => {
    const result = sanitiseSvg(
      wrap(
        '<clipPath id="a" clip-path="url(#a)"><rect clip-path="url(#a)"/></clipPath><g clip-path="url(#a)"/>',
      ),
    );
    expect(result.svg).toContain('<clipPath id="a"><rect></rect></clipPath><g clip-path="url(#a)">');
    expect(result.removed).toEqual(["clip-path"]);
  });

  it("clips by a few simple shapes only", () => {
    const parts = `<path d="M0 0L1 1"/>${'<circle r="1"/>'.repeat(20)}`;
    const result = sanitiseSvg(
      wrap(`<clipPath id="a">${parts}</clipPath>${'<g clip-path="url(#a)"/>'.repeat(300)}`),
    );
    expect(result.svg.match(/<circle/g)).toHaveLength(16);
    expect(result.svg.match(/clip-path=/g)).toHaveLength(256);
    expect(result.removed).toEqual(["<path>", "<circle>", "clip-path"]);
  });

  it("dashes a few lines, and none by inheritance", () => {
    const lines = '<line x2="1" stroke-dasharray="4 4"/>'.repeat(300);
    const { svg, removed } = sanitiseSvg(wrap(`<g stroke-dasharray="1">${lines}</g>`));
    expect(svg).toContain("<g><line");
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(256);
    expect(removed).toEqual(["stroke-dasharray"]);
  });

  it("leaves out a document type with its entities", () => {
    const bomb = `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>${wrap("<text>x</text>")}`;
    expect(sanitiseSvg(bomb).removed).toEqual(["<!DOCTYPE>"]);
    const use = `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>${wrap("<text>&a;</text>")}`;
    expect(() => sanitiseSvg(use)).toThrow(RenderError);
  });

  it("puts a sensor's picture in place", () => {
    const svg = wrap('<image href="sensor:/camera/front" width="5"/>');
    expect(sanitiseSvg(svg, { imageHref: (name) => `/cameras${name}?a=1&b="` }).svg).toContain(
      'href="/cameras/camera/front?a=1&amp;b=&quot;"',
    );
    expect(sanitiseSvg(svg).svg).not.toContain("image");
  });

  it("shows at most 16 pictures, asks for each sensor once, and refuses what becomes too large", () => {
    const svg = wrap('<image href="sensor:cam"/>'.repeat(20));
    let asked = 0;
    const result = sanitiseSvg(svg, { imageHref: () => `data:${asked++}` });
    expect(result.svg.match(/<image href="data:0"/g)).toHaveLength(16);
    expect(result.removed).toEqual(["<image>"]);
    const large = "x".repeat(3 * 1024 * 1024);
    expect(() => sanitiseSvg(svg, { imageHref: () => large })).toThrow(
      expect.objectContaining({ code: "too-large" }),
    );
  });

  it("says where a malformed document is wrong", () => {
    expect(() => sanitiseSvg("<svg>\n<rect></svg>")).toThrow(/SVG 2:/);
    expect(() => sanitiseSvg("")).toThrow("document must contain a root element");
    expect(() => sanitiseSvg("<html/>")).toThrow("found <html>");
  });

  it("refuses what is too deep or too large", () => {
    expect(() => sanitiseSvg(wrap("<g>".repeat(100) + "</g>".repeat(100)))).toThrow(/64 deep/);
    expect(() => sanitiseSvg(wrap("<rect/>".repeat(100_001)))).toThrow(/100000 elements/);
  });

  it("survives anything, and its result is its own fixed point", () => {
    const piece = fc.constantFrom(
      ...[
        "<",
        ">",
        "<g>",
        "</g>",
        '"',
        "'",
        "&amp;",
        "&",
        "<script>",
        "</script>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
      ],
      ...[
        "<text>",
        "</text>",
        ' href="#a"',
        '<rect x="1"/>',
        "\u0000",
        "é",
        "<?x?>",
        '<image href="sensor:a"/>',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        let first: string;
        try {
          first = sanitiseSvg(wrap(pieces.join(""))).svg;
        } catch (error) {
          expect(error).toBeInstanceOf(RenderError);
          return;
        }
        expect(first).not.toMatch(/<script|<!\[CDATA/);
        expect(sanitiseSvg(first).svg).toBe(first);
      }),
      { numRuns: 500 },
    );
  });
});
