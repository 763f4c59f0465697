import type { Column, TableContent } from "./sqlite/database-bytes.case.ts";

export interface TestMessage {
  readonly topic: number;
  readonly timeNs: bigint;
  readonly data: Uint8Array;
}

export interface TestBag {
  /** Name and type of each topic; they have the ids 1, 2, … */
  readonly topics: readonly (readonly [name: string, type: string])[];
  readonly messages: readonly TestMessage[];
  /** Definitions by type; without, the bag has no table of them, as those before ROS 2 Iron. */
  readonly definitions?: Readonly<Record<string, string>>;
}

/** The tables of a ROS 2 bag. */
export function bagTables({ topics, messages, definitions }: TestBag): TableContent[] {
  const topicRows = topics.map(([name, type]): Column[] => [null, name, type, "cdr", ""]);
  const messageRows = messages.map(({ topic, timeNs, data }): Column[] => [
    null,
    BigInt(topic),
    timeNs,
    data,
  ]);
  const tables = [
    {
      name: "topics",
      sql: "CREATE TABLE topics(id INTEGER PRIMARY KEY,name TEXT NOT NULL,type TEXT NOT NULL,serialization_format TEXT NOT NULL,offered_qos_profiles TEXT NOT NULL)",
      rows: topicRows,
    },
    {
      name: "messages",
      sql: "CREATE TABLE messages(id INTEGER PRIMARY KEY,topic_id INTEGER NOT NULL,timestamp INTEGER NOT NULL, data BLOB NOT NULL)",
      rows: messageRows,
    },
  ];
  if (definitions === undefined) return tables;
  const rows = Object.entries(definitions).map(([type, text]): Column[] => [null, type, "ros2msg", text, ""]);
  const sql =
    "CREATE TABLE message_definitions(id INTEGER PRIMARY KEY, topic_type TEXT NOT NULL, encoding TEXT NOT NULL, encoded_message_definition TEXT NOT NULL, type_description_hash TEXT NOT NULL)";
  return [...tables, { name: "message_definitions", sql, rows }];
}
