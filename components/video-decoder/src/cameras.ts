import { Camera } from "./camera";

/** The cameras of the drive, in the order of their handles. */
export const cameras = new Array<Camera>();

/** The camera with a handle; `null` where there is none. */
export function findCamera(handle: u32): Camera | null {
  for (let i = 0; i < cameras.length; i++) {
    if (cameras[i].handle == handle) return cameras[i];
  }
  return null;
}
