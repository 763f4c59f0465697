/** For the tests of components: runs a guest with made-up sensors, bus and diagnostics. */

export { FakeBus, type PublishedMessage } from "./fake-bus.ts";
export { FakeDiagnostics, type Health, type LogLine } from "./fake-diagnostics.ts";
export { type FakeReading, type FakeSensor, FakeSensors, type SensorKind } from "./fake-sensors.ts";
export { type Failure, GuestUnderTest, type TestSetting } from "./guest-under-test.ts";
export { loadGuest } from "./load-guest.ts";
