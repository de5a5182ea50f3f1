//! What a multiplex offers, by its tables and its own words.

use crate::channel::signal::{OfferedService, OfferedStream};
use crate::epg::SdtCollector;
use crate::ts::service::MuxServices;

pub fn offered(mux: &MuxServices, names: &SdtCollector) -> Vec<OfferedService> {
    let name = |service: u16| names.services().find(|n| n.actual && n.service.service == service).map(|n| n.name.clone()).unwrap_or_default();
    let services = mux.services.iter().map(|s| OfferedService {
        service: s.service,
        title: name(s.service),
        scrambled: s.pmt.as_ref().is_some_and(|pmt| pmt.scrambled),
        streams: s
            .pmt
            .iter()
            .flat_map(|pmt| &pmt.streams)
            .map(|stream| OfferedStream { pid: stream.pid, kind: stream.kind, language: stream.language.clone() })
            .collect(),
    });
    services.collect()
}
