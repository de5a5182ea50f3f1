// For tests (`?tcp=1`): a line whose firewall passes no UDP.

/** The candidates of an SDP without those over UDP (RFC 8839, section 5.1: the third field is the transport). */
export function withoutUdp(sdp: string): string {
  return sdp
    .split("\r\n")
    .filter((line) => !/^a=candidate:\S+ \d+ udp /i.test(line))
    .join("\r\n");
}

export function isUdp(candidate: string): boolean {
  return /^(a=)?candidate:\S+ \d+ udp /i.test(candidate);
}

/** Peer connections made from now on know only the server's TCP candidates, so that no check goes over UDP. Returns how to undo it. */
export function tcpOnly(scope: { RTCPeerConnection: typeof RTCPeerConnection }): () => void {
  const Whole = scope.RTCPeerConnection;
  scope.RTCPeerConnection = class extends Whole {
    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ type: description.type, sdp: withoutUdp(description.sdp ?? "") });
    }
    override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      return isUdp(candidate?.candidate ?? "") ? Promise.resolve() : super.addIceCandidate(candidate ?? undefined);
    }
  };
  return () => void (scope.RTCPeerConnection = Whole);
}
