import type { CoreBinary } from "./core-binary.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { op } from "./opcodes.ts";
import { callCost, type FunctionSurvey, instructionCost } from "./survey.ts";

/**
 * Where a function charges fuel, and how much. Everything that a path may skip has a point of its own, unless it is so short that
 * it is charged together with what comes before it: then a path pays at most `MERGED_COST` at each point for what it skips.
 */
export interface ChargePoint {
  /** The charge stands before the instruction at this offset. */
  readonly offset: number;
  /** At loop heads and at the entry the counter is checked as well. */
  readonly kind: "entry" | "loop" | "branch";
  cost: number;
}

const MERGED_COST = 24;

interface Point extends ChargePoint {
  /** An earlier point that is passed whenever this one is. */
  readonly parent: Point | undefined;
  merged: number;
}

/** An open block: the point that is charged for what follows it, unless a branch leads past that. */
interface Block {
  readonly point: Point;
  /** How many blocks, from this one outwards, a branch inside leads past the end of. */
  skipped: number;
}

/** The points of a function with a cost, by offset. The entry and the loop heads are always among them. */
export function chargePoints(
  binary: CoreBinary,
  index: number,
  { codeStart }: FunctionSurvey,
  staticCost: (callee: number) => number | undefined,
): ChargePoint[] {
  const reader = new InstructionReader(binary.bytes, codeStart, binary.code[index]?.end ?? codeStart);
  const points: Point[] = [];
  const add = (kind: Point["kind"], offset: number, parent: Point | undefined): Point => {
    const point: Point = { offset, kind, cost: kind === "branch" ? 0 : 1, parent, merged: 0 };
    points.push(point);
    return point;
  };
  let current = add("entry", codeStart, undefined);
  const blocks: Block[] = [{ point: current, skipped: 0 }];
  const leave = (label: number): void => {
    const block = blocks.at(-1);
    if (block !== undefined && block.skipped < label) block.skipped = label;
  };
  while (blocks.length > 0) {
    reader.next();
    current.cost += instructionCost(reader.op);
    switch (reader.op) {
      case op.block:
      case op.try:
        blocks.push({ point: current, skipped: 0 });
        break;
      case op.loop:
        blocks.push({ point: current, skipped: 0 });
        current = add("loop", reader.at, undefined);
        break;
      case op.if:
        blocks.push({ point: current, skipped: 0 });
        current = add("branch", reader.at, current);
        break;
      case op.else:
      case op.catch:
      case op.catchAll:
        current = add("branch", reader.at, blocks.at(-1)?.point);
        break;
      case op.end:
      case op.delegate: {
        const block = blocks.pop() as Block;
        leave(block.skipped - 1);
        current = block.skipped > 0 ? add("branch", reader.at, block.point) : block.point;
        break;
      }
      case op.br:
      case op.brIf:
        leave(reader.first);
        current = add("branch", reader.at, current);
        break;
      case op.brTable:
        reader.labels(leave);
        current = add("branch", reader.at, current);
        break;
      case op.unreachable:
        current = add("branch", reader.at, current);
        break;
      case op.return:
      case op.throw:
      case op.rethrow:
      case op.returnCall:
      case op.returnCallIndirect:
        leave(blocks.length);
        current = add("branch", reader.at, current);
        break;
      case op.call:
        current.cost += callCost(binary, reader.first) + (staticCost(reader.first) ?? 0);
        break;
    }
  }
  merge(points);
  return points.filter((point) => point.kind !== "branch" || point.cost > 0);
}

/** Short stretches are charged together with what comes before. A parent always stands before its children. */
function merge(points: readonly Point[]): void {
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index] as Point;
    const { parent, cost } = point;
    if (parent === undefined || cost === 0 || parent.merged + cost > MERGED_COST) continue;
    parent.cost += cost;
    parent.merged += cost;
    point.cost = 0;
  }
}
