import { ComponentError } from "@playhead/component-model";

/** There is no network: nothing can be opened, so that the other resources have nothing to do. */
class Network {}
class TcpSocket {}
class UdpSocket {}
class IncomingDatagramStream {}
class OutgoingDatagramStream {}
class ResolveAddressStream {}

function refuse(): never {
  throw new ComponentError("access-denied");
}

export function socketImports(): Record<string, Record<string, unknown>> {
  return {
    network: { Network, networkErrorCode: () => undefined },
    "instance-network": { instanceNetwork: () => new Network() },
    "ip-name-lookup": { ResolveAddressStream, resolveAddresses: refuse },
    tcp: { TcpSocket },
    "tcp-create-socket": { createTcpSocket: refuse },
    udp: { UdpSocket, IncomingDatagramStream, OutgoingDatagramStream },
    "udp-create-socket": { createUdpSocket: refuse },
  };
}
