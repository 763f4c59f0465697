/**
 * The meter is one 64-bit number, so that one subtraction and one test serve fuel and call depth: the sign tells that fuel is used
 * up; below it stands the fuel that is left; bit 20 is zero unless the stack was used up, which borrows from it; the lowest 20 bits
 * are the stack that is left, in units.
 */

/** Bytes of the stack in one unit. */
export const STACK_UNIT_BYTES = 32;
const STACK_BITS = 20;
export const MAX_STACK_UNITS = 2 ** STACK_BITS - 1;
/** One unit of fuel. */
export const FUEL_SHIFT = STACK_BITS + 1;
export const FUEL_ONE = 2 ** FUEL_SHIFT;
export const MAX_FUEL = 2 ** (63 - FUEL_SHIFT) - 1;
/** The bits that are zero while something of both is left. */
export const EXHAUSTED_MASK = -(1n << 63n) | (1n << BigInt(STACK_BITS));
export const STACK_MASK = FUEL_ONE - 1;

/** Why a guest stopped itself, in the global of that name; `refused`: it was refused memory in this call, which need not stop it. */
export const Reason = { none: 0, fuel: 1, stack: 2, memory: 3, refused: 4 } as const;
