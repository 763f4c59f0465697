import { afterAll, beforeAll, describe } from "vitest";
import { describeRecordingStore } from "../recording-store.case.ts";
import { missingServer, startTestServer, type TestServer } from "./postgres-server.case.ts";
import { openPostgresStore } from "./postgres-store.ts";

const missing = missingServer();

describe.skipIf(missing !== undefined)(`PostgreSQL${missing === undefined ? "" : ` (${missing})`}`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server?.stop());

  describeRecordingStore({
    name: "PostgreSQL",
    takesLateMessages: true,
    open: async () => openPostgresStore(await server.database()),
  });
});
