/** What stands before a password in an address: the end of a scheme, its slashes (one is a slip that others make, too), a user. */
const BEFORE = /[a-z0-9+.-]:\/+[^\s:/?#]*:/i;
/** How messages say what an address looks like: what stands before it is no part of an address. */
const EXAMPLE = "postgres://user@host";
const PARAMETER = /([?&](?:ssl)?password=)[^\s&#]*/gi;

/**
 * Text without the passwords of the addresses in it (`scheme://user:password@host`, `?password=`): `***` stands in their place. A password may have any character, so
 * that in each line all goes up to the last `@`, or to the `…` where an address was cut off.
 */
export function maskPasswords(text: string): string {
  return text.split("\n").map(maskedLine).join("\n").replace(PARAMETER, "$1***");
}

function maskedLine(line: string): string {
  return line.split(EXAMPLE).map(maskedPart).join(EXAMPLE);
}

function maskedPart(part: string): string {
  const end = Math.max(part.lastIndexOf("@"), part.lastIndexOf("…"));
  const before = end < 0 ? null : BEFORE.exec(part.slice(0, end));
  return before === null ? part : `${part.slice(0, before.index + before[0].length)}***${part.slice(end)}`;
}
