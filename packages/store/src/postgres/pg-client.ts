import { createRequire } from "node:module";
import type pg from "pg";

/**
 * The client of `pg` alone. The package's entry loads its pool too, which we do not use, and which cannot be loaded where `require` is given the
 * condition `import`, as the tests do.
 */
export const Client = createRequire(import.meta.url)("pg/lib/client.js") as typeof pg.Client;
