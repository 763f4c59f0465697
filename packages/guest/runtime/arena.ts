/**
 * The memory of values that cross the boundary. It is filled from the front while one exported function runs, and
 * emptied and zeroed when its caller has read the result.
 *
 * It consists of chunks from the heap. In the steady state there is one, as large as the largest call needed; a call that needs
 * more adds chunks, which are replaced by one afterwards.
 */

const FIRST_CHUNK: usize = 16384;
/** Before the contents of a chunk: the address of the chunk before it, and where its contents end. */
const HEADER: usize = 16;

/** The garbage collector runs after so many calls, or when the memory has grown. */
const CALLS_PER_COLLECTION: u32 = 32;

let chunk: usize = 0;
let top: usize = 0;
let limit: usize = 0;
let calls: u32 = 0;
let pagesAfterCollection: i32 = 0;

/** Zeroed memory until the end of the call. `align` is a power of 2. */
export function allocate(size: usize, align: usize): usize {
  let start = (top + align - 1) & ~(align - 1);
  if (size > limit || start > limit - size) {
    addChunk(size + align);
    start = (top + align - 1) & ~(align - 1);
  }
  top = start + size;
  return start;
}

function addChunk(needed: usize): void {
  if (needed > 0x7fff0000) unreachable();
  const capacity = max(FIRST_CHUNK, max(needed, (limit - chunk) << 1));
  const added = heap.alloc(HEADER + capacity);
  memory.fill(added, 0, HEADER + capacity);
  if (chunk) store<usize>(chunk, top, 4);
  store<usize>(added, chunk);
  chunk = added;
  top = added + HEADER;
  limit = top + capacity;
}

/** `cabi_realloc`: how callers and hosts get memory for what they pass in. */
export function reallocate(old: usize, oldSize: usize, align: usize, size: usize): usize {
  if (size == 0) return align;
  if (oldSize == 0) return allocate(size, align);
  if (old + oldSize == top && old + size <= limit) {
    // The last piece grows or shrinks in place. What it gives back has to be zero again.
    if (size < oldSize) memory.fill(old + size, 0, oldSize - size);
    top = old + size;
    return old;
  }
  if (size <= oldSize) return old;
  const moved = allocate(size, align);
  memory.copy(moved, old, oldSize);
  return moved;
}

/** What every exported function's post-return does. */
export function endCall(): void {
  if (chunk) {
    memory.fill(chunk + HEADER, 0, top - chunk - HEADER);
    top = chunk + HEADER;
    if (load<usize>(chunk)) mergeChunks();
  }
  if (++calls >= CALLS_PER_COLLECTION || memory.size() != pagesAfterCollection) {
    calls = 0;
    __collect();
    pagesAfterCollection = memory.size();
  }
}

/** Replaces the chunks by one that has room for everything that was in them. */
function mergeChunks(): void {
  let total = limit - chunk;
  let each = load<usize>(chunk);
  heap.free(chunk);
  while (each) {
    const end = load<usize>(each, 4);
    const before = load<usize>(each);
    memory.fill(each, 0, end - each);
    total += end - each;
    heap.free(each);
    each = before;
  }
  chunk = 0;
  top = 0;
  limit = 0;
  addChunk(total);
}
