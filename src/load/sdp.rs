//! Descriptions and candidates, between the protocol's words and `str0m`'s.

use livekit_protocol::{SessionDescription, SignalTarget, TrickleRequest};
use serde::Deserialize;
use str0m::Candidate;
use str0m::change::{SdpAnswer, SdpOffer};

use super::error::JoinError;

/// `RTCIceCandidateInit`, as the server sends it.
#[derive(Deserialize)]
struct CandidateInit {
    candidate: String,
}

/// A candidate of the server and the connection that it is of; none where it is of no use (TCP, empty).
pub fn candidate(trickle: &TrickleRequest) -> Option<(SignalTarget, Candidate)> {
    let init: CandidateInit = serde_json::from_str(&trickle.candidate_init).ok()?;
    let candidate = Candidate::from_sdp_string(&init.candidate).ok()?;
    Some((SignalTarget::try_from(trickle.target).ok()?, candidate))
}

pub fn offer(description: &SessionDescription) -> Result<SdpOffer, JoinError> {
    SdpOffer::from_sdp_string(&description.sdp).map_err(|e| JoinError::Protocol(format!("an offer that cannot be read: {e}")))
}

pub fn answer(description: &SessionDescription) -> Result<SdpAnswer, JoinError> {
    SdpAnswer::from_sdp_string(&description.sdp).map_err(|e| JoinError::Protocol(format!("an answer that cannot be read: {e}")))
}

pub fn description(kind: &str, sdp: String, id: u32) -> SessionDescription {
    SessionDescription { r#type: kind.to_owned(), sdp, id, ..SessionDescription::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_of_the_server_is_read_and_nonsense_is_left() {
        let of = |init: &str| candidate(&TrickleRequest { candidate_init: init.to_owned(), target: SignalTarget::Subscriber as i32, r#final: false });
        let (target, found) = of(r#"{"candidate":"candidate:1 1 udp 2130706431 192.0.2.1 7882 typ host","sdpMid":"0","sdpMLineIndex":0}"#).unwrap();
        assert_eq!((target, found.addr()), (SignalTarget::Subscriber, "192.0.2.1:7882".parse().unwrap()));
        assert!(of(r#"{"candidate":""}"#).is_none() && of("x").is_none());
    }
}
