import { ComponentError, withState } from "@playhead/component-model";

/** There is no network: nothing can be opened, so that only a handle to the whole of it exists. */
class Network {}
withState(Network, { save: () => null, restore: () => new Network() });

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
