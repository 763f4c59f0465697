export { FilePackages, type FilePackagesOptions, parsePackageOverride } from "./file-packages.ts";
