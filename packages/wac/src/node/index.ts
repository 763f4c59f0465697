export { FilePackages, type FilePackagesOptions, parsePackageOverride } from "./file-packages.ts";
export { FileTooLargeError, readBytes, readText } from "./read-file.ts";
export { readPackage } from "./read-package.ts";
export { type Recomposed, type RecomposeOptions, recompose } from "./recompose.ts";
export { textOf } from "./text-format.ts";
