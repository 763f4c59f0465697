import { readFile } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sharedData } from "../shared-data.case.ts";
import { changedBytes, readDamaged, readSource, testFolder } from "../source.case.ts";
import { framesOf } from "./frames.case.ts";

const folder = testFolder();

const LOG = `# a comment
(1436509052.249713) vcan0 044#2A366C2BBA
(1436509052.449847) vcan0 0F6#7ADFE07BD2 R
(1436509052.649931) can1 12345678#R4
(1436509052.649931) can1 123#R
(1436509053.850870) can1 20000080#0000000000000000
(1436509053.850870) can1 1F334455##311.22.33.44.55.66.77.88.99.AA.BB.CC
(1436509053.850870) vcan0 321#1122334455667788_F
(1436509054) vcan0 7FF#
`;

const LOG_FRAMES = [
  "1436509052249713000 /can/vcan0 44 - 5 2a366c2bba",
  "1436509052449847000 /can/vcan0 f6 - 5 7adfe07bd2",
  "1436509052649931000 /can/can1 12345678 xr 4 00000000",
  "1436509052649931000 /can/can1 123 r 0",
  "1436509053850870000 /can/can1 80 e 8 0000000000000000",
  "1436509053850870000 /can/can1/fd 1f334455 xfsp 12 112233445566778899aabbcc",
  "1436509053850870000 /can/vcan0 321 - 8 1122334455667788",
  "1436509054000000000 /can/vcan0 7ff - 0",
];

const ASC = `date Wed Apr 16 09:21:13.159 am 2014
base hex  timestamps absolute
internal events logged
// version 8.5.0
Begin Triggerblock Wed Apr 16 09:21:13.159 am 2014
   0.000000 Start of measurement
   0.015991 CAN 1 Status:chip status error active
   1.015991 1  222             Rx   d 8 04 00 31 00 29 00 00 02  Length = 224000 BitCount = 115 ID = 546
   1.015992 2  18EBFF00x       Tx   d 3 01 A0 0F Length = 273910 BitCount = 141 ID = 418119424x
   2.501000 1  ErrorFrame
   2.501010 1  ErrorFrame      ECC: 10100010
   3.000000 1  6F9             Rx   r 2
  30.005021 CANFD   1 Rx        300                                   1 0 9 12 02 03 04 05 06 07 08 09 0A 0B 0C 0D  102203 133   303000 e0006659 46500250 4b140250 20011736 2001040d
  30.305021 CANFD   2 Tx     50005x         Generic_Name_12           0 1 5  5 05 06 07 08 09   1000 100 1000
  31.000000 CANFD   1 Rx        301                                   0 0 2  2 AB CD 1000 100 0
  31.000001 1  Statistic: D 0 R 0 XD 0 XR 0 E 0 O 0 B 0.00%
End TriggerBlock
`;

const ASC_FRAMES = [
  "1397640074174991000 /can/1 222 - 8 0400310029000002",
  "1397640074174992000 /can/2 18ebff00 x 3 01a00f",
  "1397640075660000000 /can/1 0 e 0",
  "1397640075660010000 /can/1 0 e 0",
  "1397640076159000000 /can/1 6f9 r 2 0000",
  "1397640103164021000 /can/1/fd 300 fs 12 02030405060708090a0b0c0d",
  "1397640103464021000 /can/2/fd 50005 xfp 5 0506070809",
  "1397640104159000000 /can/1 301 - 2 abcd",
];

const GVRET = `Time Stamp,ID,Extended,Dir,Bus,LEN,D1,D2,D3,D4,D5,D6,D7,D8
166064000,0000021A,false,Rx,0,8,FE,36,12,FE,69,05,07,AD,
166064001,18FF1234,true,Tx,1,2,00,37,
`;

describe("candump", () => {
  test("reads logs: classic, remote, error and CAN FD frames, whole seconds", async () => {
    expect(await framesOf(await folder.file("log", LOG))).toEqual(LOG_FRAMES);
  });

  test("reads what is shown on a terminal", async () => {
    const text = ` (1436509052.249713)  vcan0       044   [5]  2A 36 6C 2B BA   '*6l+.'
 (1436509052.449847)  can1  TX - -  12345678   [4]  remote request
 (1436509053.000000)  can1  RX B E  1F334455  [12]  11 22 33 44 55 66 77 88 99 AA BB CC
 (2015-07-10 06:17:34.500000)  vcan0  123   [0]
`;
    expect(await framesOf(await folder.file("console", text))).toEqual([
      "1436509052249713000 /can/vcan0 44 - 5 2a366c2bba",
      "1436509052449847000 /can/can1 12345678 xr 4 00000000",
      "1436509053000000000 /can/can1/fd 1f334455 xfsp 12 112233445566778899aabbcc",
      "1436509054500000000 /can/vcan0 123 - 0",
    ]);
  });

  test("adds up times that are since the frame before", async () => {
    const text =
      " (000.000000)  c  1AB   [1]  01\n (000.500000)  c  1AB   [1]  02\n (000.250000)  c  1AB   [1]  03\n";
    expect(await framesOf(await folder.file("deltas", text))).toEqual([
      "0 /can/c 1ab - 1 01",
      "500000000 /can/c 1ab - 1 02",
      "750000000 /can/c 1ab - 1 03",
    ]);
  });

  test("orders frames by time, those of equal time as in the file", async () => {
    const text = "(2.0) a 001#\n(1.0) b 002#\n(1.0) a 003#\n(2.0) b 004#\n";
    const frames = await framesOf(await folder.file("order", text));
    expect(frames.map((frame) => frame.split(" ")[2])).toEqual(["2", "3", "1", "4"]);
  });

  test("names the lines that are no frames", async () => {
    const bad = "(1.0) a 001#0\n(1.0) a 002#112233445566778899\nnonsense\n(1.0) a 003##1112233445566778899\n";
    const found = await readSource(
      await folder.file("bad", `${LOG}${bad}${"x".repeat(300_000)}\n(2.0) a 001#\n`),
    );
    expect(found.messages).toHaveLength(LOG_FRAMES.length + 1);
    expect(found.problems.map(({ message }) => message.replace(/^.*\//, ""))).toEqual([
      'bad, line 10: expected two hexadecimal digits per byte, found "0"; it is left out',
      "bad, line 11: expected at most 8 bytes of data, found 9; it is left out",
      'bad, line 12: expected (seconds) bus id#data, found "nonsense"; it is left out',
      "bad, line 13: expected a length that CAN FD has, found 9; it is left out",
      "bad, line 14: expected a line of at most 65536 bytes, found more; it is left out",
    ]);
  });
});

describe("Vector ASC", () => {
  test("reads classic frames, CAN FD, errors and the date", async () => {
    expect(await framesOf(await folder.file("asc", ASC))).toEqual(ASC_FRAMES);
  });

  test("reads decimal numbers, relative times and German dates", async () => {
    const text = `date Die Mär 6 13:00:01 2018
base dec  timestamps relative
   0.500000 1  100             Rx   d 2 255 16
   0.500000 1  419365376x      Rx   d 1 7
`;
    expect(await framesOf(await folder.file("dec", text))).toEqual([
      "1520341201500000000 /can/1 64 - 2 ff10",
      "1520341202000000000 /can/1 18ff0200 x 1 07",
    ]);
  });

  test("reads on without a date that it knows", async () => {
    const path = await folder.file("dateless", ASC.replace(/^date.*/, "date gestern"));
    const { messages, problems } = await readSource(path);
    expect(messages[0]?.logTimeNs).toBe(1015991000n);
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/line 1: expected a date .* found "gestern"/) },
    ]);
  });
});

test("reads GVRET logs with directions", async () => {
  expect(await framesOf(await folder.file("gvret", GVRET))).toEqual([
    "166064000000 /can/0 21a - 8 fe3612fe690507ad",
    "166064001000 /can/1 18ff1234 x 2 0037",
  ]);
});

test("a bus keeps its number", async () => {
  const { channels } = await readSource(await folder.file("numbers", LOG));
  expect(channels.map(({ topic, metadata }) => [topic, metadata?.["can.bus"]])).toEqual([
    ["/can/vcan0", "0"],
    ["/can/can1", "1"],
    ["/can/can1/fd", "1"],
  ]);
});

test.each([
  ["candump", LOG],
  ["ASC", ASC],
  ["GVRET", GVRET],
])("damaged %s logs give problems or an error, whatever the damage", async (name, text) => {
  const bytes = Buffer.from(text.repeat(3));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 8 })), {
        maxLength: 6,
      }),
      fc.nat(bytes.length),
      async (changes, length) => {
        const found = await readDamaged(
          await folder.file(`fuzz-${name}`, changedBytes(bytes, changes, length)),
        );
        if (!(found instanceof RecordingError)) expect(found.messages.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

const candump = sharedData("can/candump.log");
const gvret = sharedData("can/GVRET_Log.csv");

test.skipIf(candump === undefined || gvret === undefined)(
  "one real recording gives the same frames from candump and from GVRET (times of candump are whole seconds)",
  async () => {
    const withoutTime = (frame: string): string => frame.replace(/^\d+ \S+ /, "");
    const fromCandump = await framesOf(candump ?? "");
    const fromGvret = await framesOf(gvret ?? "");
    expect(fromGvret).toHaveLength(12_974);
    expect(fromCandump.map(withoutTime)).toEqual(fromGvret.map(withoutTime));
    const seconds = (frame: string): number => Math.floor(Number.parseInt(frame, 10) / 1e9);
    expect(fromCandump.map(seconds)).toEqual(fromGvret.map(seconds));
  },
);

const nmea2000 = sharedData("can/nmea2000-candump.log");

test.skipIf(nmea2000 === undefined)(
  "every frame of a real NMEA 2000 log is read, to the microsecond",
  async () => {
    const text = await readFile(nmea2000 ?? "", "latin1");
    const lines = text.split("\n").filter((line) => line.startsWith("("));
    const frames = await framesOf(nmea2000 ?? "");
    expect(frames).toHaveLength(lines.length);
    expect(frames[0]).toBe("1410714882622188000 /can/can0 9f80102 x 8 36729a16021ab80d");
  },
);
