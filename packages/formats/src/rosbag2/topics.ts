import type { ChannelDeclaration } from "@playhead/recording";
import type { ProblemList } from "../problem-list.ts";
import { standardText } from "./definitions.ts";

/** A topic as a bag lists it. */
export interface BagTopic {
  readonly name: string;
  /** Such as `sensor_msgs/msg/Imu`. */
  readonly type: string;
  /** How its messages are encoded, such as `cdr`. */
  readonly serialization: string;
  /** As the bag has them: YAML. */
  readonly qosProfiles: string;
}

/** A definition that a bag carries. */
export interface BagDefinition {
  /** `ros2msg` or `ros2idl`. */
  readonly encoding: string;
  readonly text: string;
}

/**
 * A topic as a channel. Its definition is the bag's own where it carries one (bags of ROS 2 Iron and later do), else that of the standard packages;
 * messages of other types are passed on without one, which is a problem.
 */
export function channelOf(
  topic: BagTopic,
  definition: BagDefinition | undefined,
  release: string | undefined,
  problems: ProblemList,
): ChannelDeclaration {
  const { name, type, serialization, qosProfiles } = topic;
  const found = definition ?? standardDefinition(type, release);
  if (found === undefined) {
    const message = `${name}: expected a definition of ${type}, found none in the bag and none among the standard types; its messages are passed on without one`;
    problems.add("no-definition", message, name);
  }
  const data = new TextEncoder().encode(found?.text ?? "");
  return {
    topic: name,
    messageEncoding: serialization,
    schema: { name: type, encoding: found?.encoding ?? "", data },
    metadata: qosProfiles === "" ? {} : { offered_qos_profiles: qosProfiles },
  };
}

function standardDefinition(type: string, release: string | undefined): BagDefinition | undefined {
  const text = standardText(type, release);
  return text === undefined ? undefined : { encoding: "ros2msg", text };
}
