import { insteadOfCsv, type SourceOptions } from "@playhead/formats";
import { UsageError } from "./failure.ts";
import { isAddress } from "./refuse-addresses.ts";

/**
 * Refuses `--csv-map` for what has no columns, rather than to leave it aside.
 * @throws UsageError
 */
export async function refuseUselessMap(given: string, { csvMap }: SourceOptions): Promise<void> {
  if (csvMap === undefined) return;
  const found = isAddress(given) ? "an address" : await insteadOfCsv(given).catch(() => undefined);
  if (found !== undefined)
    throw new UsageError(`--csv-map: expected a CSV file to read by it, found ${found}`);
}
