/** What the header of a JPEG says: the frame and its components. */

import { checkSize } from "../picture";
import { Problem } from "../problem";

/** A colour component. */
export class Component {
  id: i32 = 0;
  /** Sampling factors, relative to those of the others. */
  across: i32 = 1;
  down: i32 = 1;
  /** Which quantisation table. */
  steps: i32 = 0;
  /** The samples that the picture has. */
  width: i32 = 0;
  height: i32 = 0;
  /** The blocks that interleaved scans have: whole MCUs. */
  blocksAcross: i32 = 0;
  blocksDown: i32 = 0;
  /** Where the samples go, and bytes from row to row. */
  samples: usize = 0;
  stride: i32 = 0;
  /** Progressive: the coefficients of all blocks, `blocksAcross` in a row. */
  coefficients: usize = 0;
  /** Huffman tables of the present scan. */
  dcTable: usize = 0;
  acTable: usize = 0;
  /** The DC value of the block before. */
  previous: i32 = 0;
  /** Whether a scan has brought its data. */
  seen: bool = false;
}

export class Frame {
  width: i32 = 0;
  height: i32 = 0;
  progressive: bool = false;
  componentCount: i32 = 0;
  readonly components: StaticArray<Component> = [new Component(), new Component(), new Component()];
  /** The largest sampling factors: those of a component that has as many samples as the picture has pixels. */
  mostAcross: i32 = 1;
  mostDown: i32 = 1;
  mcusAcross: i32 = 0;
  mcusDown: i32 = 0;

  /** Reads a start-of-frame segment. */
  read(at: usize, length: i32, progressive: bool): Problem {
    if (length < 6) return Problem.BadSegment;
    const count = <i32>load<u8>(at, 5);
    if (load<u8>(at) != 8) return Problem.Precision;
    if (length != 6 + 3 * count) return Problem.BadSegment;
    if (count != 1 && count != 3) return Problem.Components;
    this.height = big16(at + 1);
    this.width = big16(at + 3);
    this.progressive = progressive;
    this.componentCount = count;
    const problem = checkSize(this.width, this.height);
    return problem != Problem.None ? problem : this.readComponents(at + 6);
  }

  private readComponents(at: usize): Problem {
    const count = this.componentCount;
    let across = 1;
    let down = 1;
    for (let i = 0; i < count; i++) {
      const component = this.components[i];
      component.id = load<u8>(at + 3 * i);
      component.across = load<u8>(at + 3 * i, 1) >> 4;
      component.down = load<u8>(at + 3 * i, 1) & 15;
      component.steps = load<u8>(at + 3 * i, 2);
      component.seen = false;
      // With one component the factors mean nothing.
      if (count == 1) component.across = component.down = 1;
      if (!isFactor(component.across) || !isFactor(component.down)) return Problem.Components;
      if (component.steps > 3) return Problem.BadSegment;
      across = max(across, component.across);
      down = max(down, component.down);
    }
    if (count == 3 && this.sampledBlocks > 10) return Problem.Components;
    this.mostAcross = across;
    this.mostDown = down;
    this.mcusAcross = divideUp(this.width, 8 * across);
    this.mcusDown = divideUp(this.height, 8 * down);
    for (let i = 0; i < count; i++) {
      const component = this.components[i];
      component.width = divideUp(this.width * component.across, across);
      component.height = divideUp(this.height * component.down, down);
      component.blocksAcross = this.mcusAcross * component.across;
      component.blocksDown = this.mcusDown * component.down;
    }
    return Problem.None;
  }

  private get sampledBlocks(): i32 {
    let blocks = 0;
    for (let i = 0; i < 3; i++) blocks += this.components[i].across * this.components[i].down;
    return blocks;
  }

  /** The component with an id; `null` where there is none. */
  find(id: i32): Component | null {
    for (let i = 0; i < this.componentCount; i++) {
      if (this.components[i].id == id) return this.components[i];
    }
    return null;
  }
}

function isFactor(value: i32): bool { return value == 1 || value == 2 || value == 4; }

export function divideUp(value: i32, by: i32): i32 { return (value + by - 1) / by; }

/** A big-endian number of two bytes. */
export function big16(at: usize): i32 {
  return (<i32>load<u8>(at) << 8) | load<u8>(at, 1);
}
