import { readFile } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProblemList } from "../problem-list.ts";
import { sharedData } from "../shared-data.case.ts";
import { readSource, testFolder } from "../source.case.ts";
import { frameDecoder } from "./frame-decoder.ts";
import { parseDbc } from "./parse-dbc.ts";
import { rawReader } from "./raw-value.ts";

const folder = testFolder();

const DBC = `VERSION "1.0"
NS_ :
	NS_DESC_
	CM_
	VAL_
	SIG_VALTYPE_
	SG_MUL_VAL_

BS_:
BU_: ECU GATEWAY
VAL_TABLE_ Onoff 0 "off" 1 "on" ;

BO_ 291 ENGINE: 8 ECU
 SG_ SPEED : 0|16@1+ (0.5,-10) [0|8000] "1/min" GATEWAY
 SG_ TORQUE : 23|12@0- (0.1,0) [-200|200] "Nm" Vector__XXX
 SG_ GEAR : 32|3@1+ (1,0) [0|7] "" Vector__XXX

BO_ 2566844160 EXTENDED: 8 ECU
 SG_ TEMPERATURE : 0|32@1- (1,0) [0|0] "°C" Vector__XXX
 SG_ PRESSURE : 39|32@0- (1E-3,0) [0|0] "bar" Vector__XXX

BO_ 100 MULTIPLEXED: 8 ECU
 SG_ PAGE M : 0|4@1+ (1,0) [0|15] "" Vector__XXX
 SG_ A m0 : 8|8@1+ (1,0) [0|255] "" Vector__XXX
 SG_ SUBPAGE m1M : 8|8@1+ (1,0) [0|255] "" Vector__XXX
 SG_ B m0 : 16|8@1+ (1,0) [0|255] "" Vector__XXX
 SG_ C m2 : 16|8@1+ (1,0) [0|255] "" Vector__XXX

CM_ BO_ 291 "Comments may have lines
BO_ 999 NOT_A_MESSAGE: 8 ECU
 and \\"quotes\\"";
BA_DEF_ BO_  "GenMsgCycleTime" INT 0 65535;
BA_ "GenMsgCycleTime" BO_ 291 10;
VAL_ 291 GEAR 0 "P" 1 "R" 2 "N" 3 "D" ;
SIG_VALTYPE_ 2566844160 TEMPERATURE : 1;
SIG_VALTYPE_ 2566844160 PRESSURE : 1;
SG_MUL_VAL_ 100 B SUBPAGE 3-5, 7-7;
`;

function decoders(text = DBC) {
  const problems = new ProblemList();
  const messages = parseDbc(text, "test.dbc", problems);
  const byName = new Map(messages.map((message) => [message.name, message]));
  const decode = (name: string, hex: string) => {
    const message = byName.get(name);
    if (message === undefined) throw new Error(`expected ${name}`);
    return frameDecoder(message)(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  };
  return { messages, decode, problems: problems.problems };
}

describe("a DBC file", () => {
  test("says what messages there are; comments and attributes say nothing of them", () => {
    const { messages, problems } = decoders();
    expect(
      messages.map(({ name, id, isExtended, lengthBytes }) => [name, id, isExtended, lengthBytes]),
    ).toEqual([
      ["ENGINE", 291, false, 8],
      ["EXTENDED", 0x18feef00, true, 8],
      ["MULTIPLEXED", 100, false, 8],
    ]);
    expect(problems).toEqual([]);
  });

  test("scales little- and big-endian signals, and names values", () => {
    const { decode } = decoders();
    expect(decode("ENGINE", "e803 fff0 03 000000")).toEqual({
      SPEED: 490,
      TORQUE: -0.1,
      GEAR: 3,
      GEAR_text: "D",
    });
    expect(decode("ENGINE", "0000 7ff0 07 000000")).toEqual({ SPEED: -10, TORQUE: 2047 * 0.1, GEAR: 7 });
  });

  test("reads floats; those that are no numbers are null", () => {
    const { decode } = decoders();
    expect(decode("EXTENDED", "0000c03f 40200000")).toEqual({ TEMPERATURE: 1.5, PRESSURE: 2.5 * 1e-3 });
    expect(decode("EXTENDED", "0000c07f 40200000")).toMatchObject({ TEMPERATURE: null });
  });

  test("leaves out signals that the frame selects others for, over several steps", () => {
    const { decode } = decoders();
    expect(decode("MULTIPLEXED", "00 0b 16")).toEqual({ PAGE: 0, A: 11 });
    expect(decode("MULTIPLEXED", "01 04 16")).toEqual({ PAGE: 1, SUBPAGE: 4, B: 22 });
    expect(decode("MULTIPLEXED", "01 07 16")).toEqual({ PAGE: 1, SUBPAGE: 7, B: 22 });
    expect(decode("MULTIPLEXED", "01 06 16")).toEqual({ PAGE: 1, SUBPAGE: 6 });
    expect(decode("MULTIPLEXED", "02 06 16")).toEqual({ PAGE: 2, C: 22 });
  });

  test("leaves out signals behind the end of a frame", () => {
    expect(decoders().decode("ENGINE", "e803")).toEqual({ SPEED: 490 });
  });

  test("is read on behind what is not understood, and the line is named", () => {
    const { messages, problems } = decoders(
      DBC.replace("0|16@1+", "0|99@1+").replace("M : 0|4@1+", "M : 0 4@1+"),
    );
    expect(messages.map(({ signals }) => signals.length)).toEqual([2, 2, 4]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^test.dbc, line 14: expected 1 to 64 bits inside a frame, not 99/),
      expect.stringMatching(/^test.dbc, line 23: expected "\|", found "4"/),
    ]);
  });
});

test("signals of any place, length and order of bytes are read back", () => {
  const signal = fc
    .record({
      length: fc.integer({ min: 1, max: 64 }),
      isLittleEndian: fc.boolean(),
      isSigned: fc.boolean(),
      at: fc.nat(511),
    })
    .map(({ length, isLittleEndian, isSigned, at }) => {
      const first = at % (513 - length);
      // Big-endian bits count from the highest of each byte.
      const start = isLittleEndian ? first : (first & ~7) + 7 - (first & 7);
      return {
        first,
        start,
        length,
        isLittleEndian,
        type: isSigned ? ("signed" as const) : ("unsigned" as const),
      };
    });
  fc.assert(
    fc.property(signal, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), ({ first, ...bits }, value) => {
      const { length, isLittleEndian, type } = bits;
      const data = new Uint8Array(64).fill(0xa5);
      for (let bit = 0; bit < length; bit++) {
        const place = first + bit;
        const from = isLittleEndian ? bit : length - 1 - bit;
        const mask = 1 << (isLittleEndian ? place & 7 : 7 - (place & 7));
        const isSet = ((value >> BigInt(from)) & 1n) === 1n;
        data[place >> 3] = isSet ? (data[place >> 3] as number) | mask : (data[place >> 3] as number) & ~mask;
      }
      const sized = type === "signed" ? BigInt.asIntN : BigInt.asUintN;
      expect(rawReader(bits)(data)).toBe(Number(sized(length, value)));
    }),
    { numRuns: 500, seed: 2 },
  );
});

test("damaged DBC files give problems, whatever the damage", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(DBC.length), fc.string({ maxLength: 6 })), { maxLength: 5 }),
      (changes) => {
        let text = DBC;
        for (const [place, part] of changes)
          text = text.slice(0, place) + part + text.slice(place + part.length);
        for (const message of decoders(text).messages) frameDecoder(message)(new Uint8Array(8));
      },
    ),
    { numRuns: 300, seed: 5 },
  );
});

describe("a recording with a DBC file", () => {
  const LOG = `(1.0) can0 123#E803FFF003000000
(1.0) can0 7FF#00
(1.0) can1 18FEEF00#0000C03F40200000
(2.0) can0 123#E803
(2.0) can0 123#R
`;

  test("has each message that occurs as an extra channel, right behind its frames", async () => {
    const dbc = await folder.file("car.dbc", DBC);
    const source = await readSource(await folder.file("log", LOG), { dbc: [{ path: dbc }, { path: dbc }] });
    expect(source.channels.map(({ topic }) => topic)).toEqual([
      "/can/can0",
      "/can/can1",
      "/can/can0/ENGINE",
      "/can/can1/EXTENDED",
    ]);
    expect(source.channels[2]?.metadata).toEqual({ "can.bus": "0", "can.id": "0x123" });
    expect(source.messages.map(({ channel }) => channel)).toEqual([0, 2, 0, 1, 3, 0, 2, 0]);
    expect(JSON.parse(Buffer.from(source.messages[6]?.data ?? []).toString())).toEqual({ SPEED: 490 });
    expect(source.problems).toMatchObject([
      { message: expect.stringMatching(/0x123 on a bus, found ENGINE and ENGINE/) },
      { code: "duplicate-message" },
      { code: "duplicate-message" },
    ]);
  });

  test("may have a file for one bus, by its topic, its name or its number", async () => {
    const path = await folder.file("car.dbc", DBC);
    const log = await folder.file("log", LOG.replaceAll("18FEEF00", "123"));
    for (const bus of ["/can/can1", "can1", "1"]) {
      const { channels, problems } = await readSource(log, { dbc: [{ path, bus }] });
      expect(channels.map(({ topic }) => topic).slice(2)).toEqual(["/can/can1/ENGINE"]);
      expect(problems).toEqual([]);
    }
    const { channels, problems } = await readSource(log, { dbc: [{ path, bus: "7" }] });
    expect(channels).toHaveLength(2);
    expect(problems).toMatchObject([
      {
        code: "unknown-bus",
        message: "log: expected a CAN bus 7, found /can/can0, /can/can1; its DBC file decodes nothing",
      },
    ]);
  });

  test("says of each file where none of its messages occurs, and on which buses", async () => {
    const [path, other] = [await folder.file("car.dbc", DBC), folder.path("other.dbc")];
    await folder.file("other.dbc", DBC.replaceAll("BO_ 291 ", "BO_ 292 "));
    const log = await folder.file("log", LOG.replaceAll("18FEEF00", "124"));
    const { channels, problems } = await readSource(log, {
      dbc: [{ path }, { path: other, bus: "can0" }, { path, bus: "can1" }, { path: other, bus: "can1" }],
    });
    expect(channels.map(({ topic }) => topic).slice(2)).toEqual(["/can/can0/ENGINE", "/can/can1/ENGINE"]);
    const nothing = problems.filter(({ code }) => code === "nothing-decoded");
    expect(nothing.map(({ message }) => message)).toEqual([
      `log: expected frames of the 3 messages of ${other} on /can/can0, found none; it decodes nothing`,
      `log: expected frames of the 3 messages of ${path} on /can/can1, found none; it decodes nothing`,
    ]);
  });

  test("says what is wrong with a file that is none", async () => {
    const log = await folder.file("log", LOG);
    const none = await folder.file("none.dbc", "hello");
    await expect(readSource(log, { dbc: [{ path: none }] })).rejects.toThrow(
      /none.dbc: expected a DBC file with messages, found none/,
    );
    await expect(readSource(log, { dbc: [{ path: folder.path("absent") }] })).rejects.toThrow(RecordingError);
  });
});

const thinkCity = sharedData("can/ThinkCity.dbc");
const candump = sharedData("can/candump.log");

test.skipIf(thinkCity === undefined || candump === undefined)(
  "a real DBC file is read without a problem",
  async () => {
    const text = await readFile(thinkCity ?? "", "latin1");
    const problems = new ProblemList();
    const messages = parseDbc(text, "ThinkCity.dbc", problems);
    expect(problems.problems).toEqual([]);
    expect(messages).toHaveLength(text.split("\n").filter((line) => line.startsWith("BO_ ")).length);
    const signals = messages.reduce((sum, message) => sum + message.signals.length, 0);
    expect(signals).toBe(text.split("\n").filter((line) => line.startsWith(" SG_ ")).length);
    const source = await readSource(candump ?? "", { dbc: [{ path: thinkCity ?? "" }] });
    const known = new Set(messages.map(({ id }) => id));
    const frames = (await readFile(candump ?? "", "latin1")).matchAll(/ ([0-9A-F]{3})#/g);
    const decodable = Array.from(frames).filter(([, id = ""]) => known.has(Number.parseInt(id, 16)));
    expect(decodable.length).toBeGreaterThan(500);
    expect(source.messages.filter(({ channel }) => channel > 0)).toHaveLength(decodable.length);
  },
);
