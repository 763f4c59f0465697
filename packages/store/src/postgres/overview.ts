/**
 * What plots of a recording's course show, for a time and a channel: how many messages, and the least, greatest and mean of their sizes in bytes and of
 * the time from their publishing to their recording in ns.
 */
export function overviewColumns(): string {
  const aggregates = (value: string, name: string): string =>
    `min(${value}) AS min_${name}, max(${value}) AS max_${name}, avg(${value})::float8 AS mean_${name}`;
  return `count(*) AS messages, ${aggregates("octet_length(data)", "bytes")}, ${aggregates("log_time_ns - publish_time_ns", "delay_ns")}`;
}
