/** What plots of a signal show, for a time: how many samples, and their least, greatest and mean value. */
export const SAMPLE_OVERVIEW_COLUMNS =
  "count(*) AS samples, min(value) AS least, max(value) AS greatest, avg(value) AS mean";

/**
 * What plots of a recording's course show, for a time and a channel: how many messages, and the least, greatest and mean of their sizes in bytes and of
 * the time from their publishing to their recording in ns.
 */
export function overviewColumns(): string {
  const aggregates = (value: string, name: string): string =>
    `min(${value}) AS min_${name}, max(${value}) AS max_${name}, avg(${value})::float8 AS mean_${name}`;
  return `count(*) AS messages, ${aggregates("octet_length(data)", "bytes")}, ${aggregates("log_time_ns - publish_time_ns", "delay_ns")}`;
}
