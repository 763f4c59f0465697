/** What the parts of the component share: its settings and what its last step detected. */
import { Rows } from "./rows";
import { Settings } from "./settings";

export const settings: Settings = new Settings();
export const rows: Rows = new Rows();
