//! From a [`Session`] to text.

use std::fmt;

use rtc::sdp::SessionDescription;
use rtc::sdp::description::common::{Address, Attribute, Bandwidth, ConnectionInformation};
use rtc::sdp::description::media::{MediaDescription, MediaName, RangedPort};
use rtc::sdp::description::session::{Origin, TimeDescription};

use super::section::{Section, SectionKind};
use super::{Session, simulcast};

/// The data channels' protocol before RFC 8841, with the port in the `m=` line.
const OLD_SCTP: &str = "DTLS/SCTP";
/// RFC 8840 4.1: the port while candidates tell the real ones.
const DISCARD_PORT: isize = 9;

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tagged = self.tagged();
        let mut attributes = Attributes::default();
        if !self.bundle.is_empty() {
            attributes.value("group", format!("BUNDLE {}", self.bundle.join(" ")));
        }
        if self.extmap_allow_mixed {
            attributes.flag("extmap-allow-mixed");
        }
        if self.ice_lite {
            attributes.flag("ice-lite");
        }
        if tagged.is_none() {
            self.write_transport(&mut attributes);
            self.write_candidates(&mut attributes);
        }
        let medias = self.sections.iter().enumerate().map(|(at, section)| {
            let mut attributes = Attributes::default();
            // ICE and DTLS with every section, as browsers do it: not all clients look further than their own.
            if !section.rejected {
                self.write_transport(&mut attributes);
            }
            if tagged == Some(at) {
                self.write_candidates(&mut attributes);
            }
            write_section(section, attributes)
        });
        let description = SessionDescription {
            origin: Origin {
                username: "-".to_owned(),
                session_id: self.id,
                session_version: self.version,
                network_type: "IN".to_owned(),
                address_type: "IP4".to_owned(),
                unicast_address: "127.0.0.1".to_owned(),
            },
            session_name: "-".to_owned(),
            time_descriptions: vec![TimeDescription::default()],
            attributes: attributes.0,
            media_descriptions: medias.collect(),
            ..SessionDescription::default()
        };
        f.write_str(&description.marshal())
    }
}

impl Session {
    fn write_transport(&self, attributes: &mut Attributes) {
        attributes.value("ice-ufrag", &*self.ice_ufrag);
        attributes.value("ice-pwd", &*self.ice_pwd);
        if self.trickle {
            attributes.value("ice-options", "trickle");
        }
        let digits: Vec<String> = self.fingerprint.iter().map(|byte| format!("{byte:02X}")).collect();
        attributes.value("fingerprint", format!("sha-256 {}", digits.join(":")));
        attributes.value("setup", self.setup.word());
    }

    fn write_candidates(&self, attributes: &mut Attributes) {
        for candidate in &self.candidates {
            attributes.value("candidate", candidate.words());
        }
        if self.end_of_candidates {
            attributes.flag("end-of-candidates");
        }
    }
}

fn write_section(section: &Section, mut attributes: Attributes) -> MediaDescription {
    if !section.mid.is_empty() {
        attributes.value("mid", &*section.mid);
    }
    let (media, formats) = match section.kind {
        SectionKind::Audio => ("audio", write_media(section, &mut attributes)),
        SectionKind::Video => ("video", write_media(section, &mut attributes)),
        SectionKind::Application => ("application", write_data(section, &mut attributes)),
        SectionKind::Other => section.foreign.as_ref().map_or(("text", vec!["0".to_owned()]), |foreign| (foreign.media.as_str(), foreign.formats.clone())),
    };
    let address = Address { address: "0.0.0.0".to_owned(), ttl: None, range: None };
    let connection = ConnectionInformation { network_type: "IN".to_owned(), address_type: "IP4".to_owned(), address: Some(address) };
    let bandwidth = section.bandwidth_bps.map(|bps| Bandwidth { experimental: false, bandwidth_type: "TIAS".to_owned(), bandwidth: bps });
    MediaDescription {
        media_name: MediaName {
            media: media.to_owned(),
            port: RangedPort { value: if section.rejected { 0 } else { DISCARD_PORT }, range: None },
            protos: section.protocol.split('/').map(str::to_owned).collect(),
            formats,
        },
        connection_information: Some(connection),
        bandwidth: bandwidth.into_iter().collect(),
        attributes: attributes.0,
        ..MediaDescription::default()
    }
}

/// The attributes of sound and pictures; gives the payload types.
fn write_media(section: &Section, attributes: &mut Attributes) -> Vec<String> {
    for (extension, id) in section.extensions.iter() {
        match section.extension_directions.iter().find(|(each, _)| *each == extension) {
            Some((_, direction)) => attributes.value("extmap", format!("{id}/{} {}", direction.word(), extension.uri())),
            None => attributes.value("extmap", format!("{id} {}", extension.uri())),
        }
    }
    attributes.flag(section.direction.word());
    if let Some(msid) = &section.msid {
        attributes.value("msid", msid.words());
    }
    if section.rtcp_mux {
        attributes.flag("rtcp-mux");
    }
    if section.rtcp_rsize {
        attributes.flag("rtcp-rsize");
    }
    let mut formats = Vec::new();
    for line in &section.codecs {
        let payload_type = line.payload_type;
        formats.push(payload_type.to_string());
        attributes.value("rtpmap", format!("{payload_type} {}", line.map()));
        for words in &line.feedback {
            attributes.value("rtcp-fb", format!("{payload_type} {words}"));
        }
        if !line.parameters.is_empty() {
            attributes.value("fmtp", format!("{payload_type} {}", line.format()));
        }
        if let Some(repair) = line.repaired_by {
            formats.push(repair.to_string());
            attributes.value("rtpmap", format!("{repair} rtx/{}", line.clock_rate_hz));
            attributes.value("fmtp", format!("{repair} apt={payload_type}"));
        }
    }
    if formats.is_empty() {
        // The grammar wants one, and a section without codecs is a refused one.
        formats.push("0".to_owned());
    }
    for rid in &section.rids {
        attributes.value("rid", format!("{} {}", rid.id, rid.direction.word()));
    }
    if let Some(words) = simulcast::write(&section.rids) {
        attributes.value("simulcast", words);
    }
    for group in &section.ssrc_groups {
        let numbers: Vec<String> = group.ssrcs.iter().map(u32::to_string).collect();
        attributes.value("ssrc-group", format!("{} {}", group.kind.word(), numbers.join(" ")));
    }
    for ssrc in &section.ssrcs {
        let number = ssrc.ssrc;
        if let Some(cname) = &ssrc.cname {
            attributes.value("ssrc", format!("{number} cname:{cname}"));
        }
        if let Some(msid) = &ssrc.msid {
            attributes.value("ssrc", format!("{number} msid:{}", msid.words()));
        }
        if ssrc.cname.is_none() && ssrc.msid.is_none() {
            attributes.value("ssrc", number.to_string());
        }
    }
    formats
}

fn write_data(section: &Section, attributes: &mut Attributes) -> Vec<String> {
    let format = match section.sctp_port {
        Some(port) if section.protocol == OLD_SCTP => {
            attributes.value("sctpmap", format!("{port} webrtc-datachannel 1024"));
            port.to_string()
        }
        port => {
            if let Some(port) = port {
                attributes.value("sctp-port", port.to_string());
            }
            "webrtc-datachannel".to_owned()
        }
    };
    if let Some(size) = section.max_message_size {
        attributes.value("max-message-size", size.to_string());
    }
    vec![format]
}

#[derive(Default)]
struct Attributes(Vec<Attribute>);

impl Attributes {
    fn flag(&mut self, key: &str) {
        self.0.push(Attribute::new(key.to_owned(), None));
    }

    fn value(&mut self, key: &str, value: impl Into<String>) {
        self.0.push(Attribute::new(key.to_owned(), Some(value.into())));
    }
}
