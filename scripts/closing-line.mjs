// A Vitest reporter: names what was skipped and why, and closes with one line for scripts.

/** @implements {import("vitest/reporters").Reporter} */
export default class ClosingLine {
  onTestRunEnd(testModules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const skipped = [];
    for (const module of testModules) {
      const tests = [...module.children.allTests()];
      if (module.state() === "failed" && !tests.some((test) => test.result().state === "failed"))
        count.failed++;
      for (const test of tests) {
        const { state, note } = test.result();
        if (state === "passed" || state === "failed") count[state]++;
        else {
          count.skipped++;
          skipped.push(`  ${test.fullName}${note ? `: ${note}` : ""}`);
        }
      }
    }
    if (skipped.length > 0)
      console.log(`\nSkipped, for want of a server, a browser or the recordings:\n${skipped.join("\n")}`);
    const tail = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
    console.log(`\n${count.passed} passed, ${count.failed} failed${tail}`);
  }
}
