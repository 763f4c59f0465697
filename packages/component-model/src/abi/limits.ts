/**
 * Limits of the canonical ABI (CanonicalABI.md, "Flattening", "Loading" and "Table State"), and one of this host.
 */

/** More flat parameters than this travel as one pointer to a tuple in memory. */
export const MAX_FLAT_PARAMS = 16;
/** More flat results than this travel through memory. */
export const MAX_FLAT_RESULTS = 1;
/** Bytes of the largest string that can be lifted. */
export const MAX_STRING_BYTES = 2 ** 28 - 1;
/** Bytes of the largest list that can be lifted. */
export const MAX_LIST_BYTES = 2 ** 28 - 1;
/** Largest index into a table of handles. */
export const MAX_HANDLE_INDEX = 2 ** 28 - 1;

/**
 * Bytes of JavaScript values that one call may make of a guest's nested lists, by estimate. Lists that point at the same memory
 * again and again could otherwise fill the host's memory from a small guest.
 */
export const MAX_HOST_VALUE_BYTES = 2 ** 28;
/** Bytes that one call between two instances may copy: the size of a whole memory. */
export const MAX_COPIED_BYTES = 2 ** 32;
/** What one element of a list that becomes an `Array` costs at least, in estimated bytes. */
export const HOST_ELEMENT_BYTES = 32;
/** Bytes that the host copies for a guest without taking fuel for it. */
export const FREE_BYTES = 4096;
