//! Which announced track each section of a client's offer carries.

use std::collections::HashSet;

use super::track::Track;
use crate::sfu::TrackId;
use crate::transport::sdp::{Section, Session};

/// One for each section of the offer; None: it sends nothing that was announced.
///
/// Sections call their tracks by the names under which they were announced. Firefox gives each section a random name instead (since 68; w3c/webrtc-pc
/// issue 3017), and some clients none: an offer that knows no name at all brings what was announced, each kind in that order. `spent` are sections whose
/// track went while the client still sends by them: they carry nothing more.
pub fn carried(tracks: &[Track], offer: &Session, spent: &HashSet<String>) -> Vec<Option<TrackId>> {
    let is_named = offer.sections.iter().any(|section| tracks.iter().any(|track| names(section, track)));
    let mut found: Vec<Option<TrackId>> = offer
        .sections
        .iter()
        .map(|section| {
            let by = |is: &dyn Fn(&Track) -> bool| tracks.iter().find(|track| is(track)).map(|track| track.id);
            by(&|track| track.mid.as_deref() == Some(&section.mid)).or_else(|| by(&|track| is_free(track, section) && names(section, track)))
        })
        .collect();
    for (at, section) in offer.sections.iter().enumerate() {
        let is_nameless = section.msid.as_ref().is_none_or(|msid| msid.track.is_empty());
        if found.get(at).is_some_and(Option::is_none) && (is_nameless || !is_named) && !spent.contains(&section.mid) {
            let next = tracks.iter().find(|track| is_free(track, section) && !found.contains(&Some(track.id))).map(|track| track.id);
            if let Some(place) = found.get_mut(at) {
                *place = next;
            }
        }
    }
    found
}

fn is_free(track: &Track, section: &Section) -> bool {
    track.mid.is_none() && section.kind.media() == Some(track.kind) && section.direction.sends() && !section.rejected
}

fn names(section: &Section, track: &Track) -> bool {
    let name = section.msid.as_ref().map(|msid| msid.track.as_str()).filter(|name| !name.is_empty());
    track.section.as_deref() == Some(&section.mid) || name.is_some_and(|name| track.cids.iter().any(|cid| cid == name))
}

#[cfg(test)]
mod tests {
    use livekit_protocol::{AddTrackRequest, TrackSource, TrackType};

    use super::*;
    use crate::sfu::codec::Kind;
    use crate::transport::sdp::Direction;

    const FIREFOX: &str = include_str!("../transport/sdp/samples/firefox_single_publish.sdp");
    const CHROMIUM: &str = include_str!("../transport/sdp/samples/chromium_single_publish.sdp");

    fn announced(id: u64, source: TrackSource, cid: &str) -> Track {
        let is_sound = matches!(source, TrackSource::Microphone | TrackSource::ScreenShareAudio);
        let r#type = if is_sound { TrackType::Audio } else { TrackType::Video } as i32;
        Track::new(TrackId(id), &AddTrackRequest { cid: cid.to_owned(), r#type, source: source as i32, ..AddTrackRequest::default() })
    }

    /// By mid: what is carried where.
    fn found(tracks: &[Track], offer: &Session, spent: &[&str]) -> Vec<(String, u64)> {
        let carried = carried(tracks, offer, &spent.iter().map(|mid| (*mid).to_owned()).collect());
        assert_eq!(carried.len(), offer.sections.len());
        offer.sections.iter().zip(carried).filter_map(|(section, carried)| Some((section.mid.clone(), carried?.0))).collect()
    }

    /// The sections of an offer that send.
    fn sending(offer: &Session, kind: Kind) -> Vec<String> {
        offer.sections.iter().filter(|section| section.kind.media() == Some(kind) && section.direction.sends()).map(|section| section.mid.clone()).collect()
    }

    fn name_of(offer: &Session, mid: &str) -> String {
        offer.section(mid).and_then(|section| section.msid.as_ref()).unwrap().track.clone()
    }

    #[test]
    fn firefox_has_names_of_its_own_and_its_tracks_come_in_order() {
        let offer = Session::parse(FIREFOX).unwrap();
        let (sound, pictures) = (sending(&offer, Kind::Audio), sending(&offer, Kind::Video));
        let ([microphone], [camera]) = (sound.as_slice(), pictures.as_slice()) else { panic!("one of each: {sound:?} {pictures:?}") };
        let tracks = [announced(1, TrackSource::Microphone, "{1}"), announced(2, TrackSource::Camera, "{2}"), announced(3, TrackSource::ScreenShare, "{3}")];
        assert_eq!(found(&tracks, &offer, &[]), [(microphone.clone(), 1), (camera.clone(), 2)]);
        assert!(found(&[], &offer, &[]).is_empty(), "nothing was announced yet");
        assert_eq!(found(&tracks[1..], &offer, &[]), [(camera.clone(), 2)], "never another kind");
    }

    #[test]
    fn what_is_carried_already_stays_where_it_is() {
        let mut offer = Session::parse(FIREFOX).unwrap();
        let camera = sending(&offer, Kind::Video).remove(0);
        let mut tracks = [announced(2, TrackSource::Camera, "{2}"), announced(3, TrackSource::ScreenShare, "{3}")];
        tracks[0].mid = Some(camera.clone());
        assert_eq!(found(&tracks, &offer, &[]), [(camera.clone(), 2)]);
        // The screen's own section comes.
        let mut screen = offer.section(&camera).unwrap().clone();
        screen.mid = "screen".to_owned();
        offer.sections.insert(0, screen);
        assert_eq!(found(&tracks, &offer, &[]), [("screen".to_owned(), 3), (camera.clone(), 2)]);
    }

    #[test]
    fn a_section_whose_track_went_is_not_given_the_next() {
        let offer = Session::parse(FIREFOX).unwrap();
        let camera = sending(&offer, Kind::Video).remove(0);
        assert!(found(&[announced(3, TrackSource::ScreenShare, "{3}")], &offer, &[&camera]).is_empty());
    }

    #[test]
    fn where_names_count_a_stranger_s_section_carries_nothing() {
        let offer = Session::parse(CHROMIUM).unwrap();
        let (microphone, camera) = (name_of(&offer, "7"), name_of(&offer, "8"));
        let tracks =
            [announced(1, TrackSource::ScreenShare, "screen"), announced(2, TrackSource::Camera, &camera), announced(3, TrackSource::Microphone, &microphone)];
        assert_eq!(found(&tracks, &offer, &[]), [("7".to_owned(), 3), ("8".to_owned(), 2)], "by name, whatever the order");
        let tracks = [announced(1, TrackSource::ScreenShare, "screen"), announced(3, TrackSource::Microphone, &microphone)];
        assert_eq!(found(&tracks, &offer, &[]), [("7".to_owned(), 3)], "the camera's section waits for its own announcement");
    }

    #[test]
    fn a_client_without_names_is_taken_too() {
        let mut offer = Session::parse(CHROMIUM).unwrap();
        for section in &mut offer.sections {
            section.msid = None;
        }
        let tracks = [announced(1, TrackSource::Microphone, "a"), announced(2, TrackSource::Camera, "b")];
        assert_eq!(found(&tracks, &offer, &[]), [("7".to_owned(), 1), ("8".to_owned(), 2)]);
        for section in &mut offer.sections {
            section.direction = Direction::Inactive;
        }
        assert!(found(&tracks, &offer, &[]).is_empty(), "what is not sent carries nothing");
    }
}
