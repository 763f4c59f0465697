/** Building guests, and running them in tests. */

export { type BuiltGuest, buildGuest, outputPath, writeBindings } from "./build/build-guest.ts";
export { GuestError, type GuestErrorCode } from "./errors.ts";
export { findManifests, MANIFEST, type Manifest, readManifest } from "./manifest.ts";
