// A recording whose readings lie in memory already: what is measured is the way from there into a component.

/**
 * @param {{ count: number, perMs: number, bytes: number, distinct: number }} shape readings, how many share a millisecond, the size of a
 * payload, and how many payloads there are in turn
 */
export function memoryRecording({ count, perMs, bytes, distinct }) {
  const payloads = Array.from({ length: distinct }, (_, i) => {
    const payload = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at++) payload[at] = (at * 31 + i * 17) & 0xff;
    return payload;
  });
  const startUs = 1_700_000_000_000_000;
  const timeOf = (position) => startUs + Math.floor(position / perMs) * 1000;
  const sensor = {
    handle: 0,
    name: "/measured",
    kind: "other",
    role: "input",
    encoding: "bytes",
    schema: "",
    count,
    firstUs: startUs,
    lastUs: timeOf(count - 1),
    rateHz: perMs * 1000,
    metadata: {},
  };
  const reading = (position) => {
    const payload = payloads[position % distinct];
    return {
      sensor: 0,
      timeUs: timeOf(position),
      remainderNs: 0,
      publishTimeNs: BigInt(timeOf(position)) * 1000n,
      sequence: position,
      position,
      raw: payload,
      payload,
      metadata: undefined,
    };
  };
  const batchSize = Math.max(1, Math.min(1024, Math.floor((4 * 1024 * 1024) / bytes)));
  return {
    name: "memory",
    startUs,
    endUs: timeOf(count - 1),
    sensors: [sensor],
    problems: [],
    payloads,
    async *read({ fromUs = 0, toUs = Number.POSITIVE_INFINITY } = {}) {
      for (let position = Math.max(0, Math.ceil(((fromUs - startUs) / 1000) * perMs)); position < count; ) {
        const batch = [];
        while (batch.length < batchSize && position < count && timeOf(position) <= toUs)
          batch.push(reading(position++));
        if (batch.length === 0) return;
        yield batch;
      }
    },
    async latestAtOrBefore(timeUs) {
      const position = Math.min(count, (Math.floor((timeUs - startUs) / 1000) + 1) * perMs) - 1;
      return new Map(position < 0 ? [] : [[0, reading(position)]]);
    },
    async close() {},
  };
}
