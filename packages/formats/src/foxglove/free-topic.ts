/** The first of the topics that is not used, else the last with a number; it is used then. */
export function freeTopic(topics: readonly string[], used: Set<string>): string {
  const last = topics.at(-1) ?? "";
  let topic = topics.find((candidate) => !used.has(candidate)) ?? last;
  for (let number = 2; used.has(topic); number++) topic = `${last}_${number}`;
  used.add(topic);
  return topic;
}
