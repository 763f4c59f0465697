const PART = /^(?<stem>.*?)(_(?<number>\d{1,9}))?\.(?<kind>db3|mcap)(\.zstd)?$/;

/** Whether a name in a folder is a file of a bag. */
export function isBagFile(name: string): boolean {
  return PART.test(name);
}

/** The files of a bag, by their names alone. */
export interface BagParts {
  /** In the order of the recording. */
  readonly files: readonly string[];
  /** Numbers that are missing between those of the files. */
  readonly missing: readonly number[];
}

/**
 * The files of a folder as the parts of one bag, as a recorder leaves them that was killed before it wrote its `metadata.yaml`: `<name>_0.mcap`,
 * `<name>_1.mcap`, …; or a single SQLite file of any name. Undefined where they are not: recordings that only lie in one folder.
 */
export function bagParts(names: readonly string[]): BagParts | undefined {
  const parts = names.filter((name) => isBagFile(name) && !isLeftBeside(name, names)).map(parsed);
  const [first, ...others] = parts.toSorted((a, b) => a.number - b.number);
  if (first === undefined) return undefined;
  if (others.length === 0 && first.kind === "db3") return { files: [first.name], missing: [] };
  if (first.number !== 0 || others.some(({ stem, kind }) => stem !== first.stem || kind !== first.kind))
    return undefined;
  const missing: number[] = [];
  let number = first.number;
  for (const other of others) {
    if (other.number === number) return undefined;
    for (number++; number < other.number && missing.length < MOST_MISSING; number++) missing.push(number);
    number = other.number;
  }
  return { files: [first, ...others].map(({ name }) => name), missing };
}

/** Enough to see that files are missing. */
const MOST_MISSING = 20;

/** A file that was being compressed when the recorder was killed: what it is made of is there still. */
function isLeftBeside(name: string, names: readonly string[]): boolean {
  return name.endsWith(".zstd") && names.includes(name.slice(0, -".zstd".length));
}

interface Part {
  readonly name: string;
  readonly stem: string;
  /** −1 for none. */
  readonly number: number;
  readonly kind: string;
}

function parsed(name: string): Part {
  const { stem = "", number = "-1", kind = "" } = PART.exec(name)?.groups ?? {};
  return { name, stem, number: Number(number), kind };
}

/** What a folder is whose files are not those of one bag, for people. */
export function severalRecordings(names: readonly string[]): string {
  const files = names.filter(isBagFile).sort();
  const more = files.length > 5 ? ", …" : "";
  const listed = files.slice(0, 5).join(", ") + more;
  return `a folder with ${listed}, which without a metadata.yaml are not one bag (that has <name>_0.mcap, <name>_1.mcap, …)`;
}
