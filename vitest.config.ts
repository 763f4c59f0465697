import { defineConfig } from "vitest/config";

// Tests run the sources of every package (the "source" export condition), not their builds.
const conditions = ["source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "tests/**/*.test.ts",
      "components/**/*.test.ts",
      "examples/**/*.test.ts",
    ],
    reporters: ["default", "./scripts/closing-line.mjs"],
    // Limits for a machine that is busy: tests wait for conditions, never for time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
