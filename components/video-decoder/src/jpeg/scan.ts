/** What a scan's header says, and the walk over its blocks. */

import { Problem } from "../problem";
import { Component, divideUp, Frame } from "./frame";
import { huffmanTable, isDefined } from "./huffman";
import { intervalCount, intervalEnd, intervalStart } from "./stream";

/** The part of a picture that one scan brings. */
export class Scan {
  componentCount: i32 = 0;
  readonly components: StaticArray<Component>;
  /** First and last zigzag position, and the bits that came before and that are left (T.81, G.1.1). */
  first: i32 = 0;
  last: i32 = 63;
  high: i32 = 0;
  low: i32 = 0;

  constructor(private readonly frame: Frame) {
    this.components = [frame.components[0], frame.components[0], frame.components[0]];
  }

  /** Reads a start-of-scan segment. */
  read(at: usize, length: i32): Problem {
    const count = length > 0 ? <i32>load<u8>(at) : 0;
    if (count < 1 || count > this.frame.componentCount || length != 4 + 2 * count) return Problem.BadScan;
    this.componentCount = count;
    for (let i = 0; i < count; i++) {
      const component = this.frame.find(load<u8>(at + 1 + 2 * i));
      if (component == null) return Problem.BadScan;
      for (let k = 0; k < i; k++) if (this.components[k] == component) return Problem.BadScan;
      const tables = <i32>load<u8>(at + 1 + 2 * i, 1);
      if (tables >> 4 > 3 || (tables & 15) > 3) return Problem.BadScan;
      component.dcTable = huffmanTable(0, tables >> 4);
      component.acTable = huffmanTable(1, tables & 15);
      component.seen = true;
      this.components[i] = component;
    }
    const rest = at + 1 + 2 * count;
    this.first = load<u8>(rest);
    this.last = load<u8>(rest, 1);
    this.high = load<u8>(rest, 2) >> 4;
    this.low = load<u8>(rest, 2) & 15;
    return this.check();
  }

  private check(): Problem {
    if (!this.frame.progressive) {
      // Some writers leave nonsense in the fields that only progressive scans use.
      this.first = 0;
      this.last = 63;
      this.high = 0;
      this.low = 0;
    } else {
      const isDc = this.first == 0 && this.last == 0;
      const isAc = this.first > 0 && this.last >= this.first && this.last <= 63 && this.componentCount == 1;
      if (!isDc && !isAc) return Problem.BadScan;
      if (this.low > 13 || (this.high != 0 && this.high != this.low + 1)) return Problem.BadScan;
    }
    for (let i = 0; i < this.componentCount; i++) {
      const component = this.components[i];
      if (this.first == 0 && this.high == 0 && !isDefined(component.dcTable)) return Problem.MissingTable;
      if (this.last > 0 && !isDefined(component.acTable)) return Problem.MissingTable;
    }
    return Problem.None;
  }

  /** Blocks of a scan of one component; MCUs of a scan of several. */
  get unitsAcross(): i32 {
    return this.componentCount == 1 ? divideUp(this.components[0].width, 8) : this.frame.mcusAcross;
  }

  get unitsDown(): i32 {
    return this.componentCount == 1 ? divideUp(this.components[0].height, 8) : this.frame.mcusDown;
  }
}

/** Where the reader is: its position in bits, and the end of the interval. */
export class Walk {
  position: u32 = 0;
  end: u32 = 0;
  private interval: i32 = 0;
  private left: i32 = 0;
  private length: i32 = 0;

  /** @param length units between restart markers; 0 for none */
  begin(length: i32): void {
    this.length = length;
    this.interval = 0;
    this.left = length > 0 ? length : i32.MAX_VALUE;
    this.position = 0;
    this.end = intervalEnd(0);
  }

  /** Whether the next unit starts a new interval. Has to be asked before each unit. */
  restarts(): bool { return this.left-- == 0; }

  /** Goes to the next interval. */
  restart(): Problem {
    if (++this.interval >= intervalCount()) return Problem.MissingRestart;
    this.position = intervalStart(this.interval);
    this.end = intervalEnd(this.interval);
    this.left = this.length - 1;
    return Problem.None;
  }
}
