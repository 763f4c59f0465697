import type { Connection } from "./connection.ts";

/** What a server offers. */
export interface Features {
  /** Such as `15.14`. */
  readonly serverVersion: string;
  /** Of the extension in this database; undefined where it has none. */
  readonly timescaleVersion: string | undefined;
  /** Whether the extension's licence allows compression and continuous aggregates. */
  readonly isCommunity: boolean;
  /** Whether the server has the extension for databases that want it. */
  readonly timescaleAvailable: boolean;
  readonly encoding: string;
}

export async function readFeatures(connection: Connection): Promise<Features> {
  const [row] = await connection.query(`
    SELECT current_setting('server_version') AS server,
      (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale,
      current_setting('timescaledb.license', true) AS license,
      EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') AS available,
      current_setting('server_encoding') AS encoding`);
  const timescale = row?.timescale as string | null;
  return {
    serverVersion: String(row?.server).split(" ")[0] as string,
    timescaleVersion: timescale ?? undefined,
    isCommunity: timescale !== null && row?.license === "timescale",
    timescaleAvailable: row?.available === true,
    encoding: String(row?.encoding),
  };
}
