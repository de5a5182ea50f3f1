//! Numbers that are not the plan's to give: those of public services.

use super::{Number, Range};

/// A number that everybody in the country knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    pub digits: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

const fn service(digits: &'static str, zh: &'static str, en: &'static str) -> Service {
    Service { digits, zh, en }
}

/// Neither they nor a number that begins with one is given: somebody who dials 119 must reach the fire brigade whatever is dialled after it,
/// and telephones will register against this plan.
pub const SERVICES: [Service; 26] = [
    service("110", "报警", "police"),
    service("112", "移动电话紧急呼叫", "emergency call of mobile telephones"),
    service("114", "电话查号", "directory inquiries"),
    service("119", "火警", "fire brigade"),
    service("120", "医疗急救", "ambulance"),
    service("122", "交通事故报警", "traffic accidents"),
    service("12110", "短信报警", "police by text message"),
    service("12121", "天气预报", "weather forecast"),
    service("12123", "交通安全管理", "traffic safety"),
    service("12306", "铁路客服", "railways"),
    service("12309", "检察服务", "procuratorate"),
    service("12315", "市场监管投诉", "consumer complaints"),
    service("12319", "城建服务", "city services"),
    service("12320", "公共卫生", "public health"),
    service("12328", "交通运输服务", "transport"),
    service("12333", "人力资源和社会保障", "labour and social security"),
    service("12338", "妇女维权", "women's rights"),
    service("12345", "政务服务便民热线", "government service hotline"),
    service("12348", "法律服务", "legal aid"),
    service("12355", "青少年服务", "youth services"),
    service("12366", "纳税服务", "tax"),
    service("12369", "环保举报", "environment"),
    service("12380", "组织工作举报", "reports on cadres"),
    service("12388", "纪检监察举报", "discipline inspection"),
    service("12393", "医疗保障", "medical insurance"),
    service("12395", "水上遇险求救", "rescue at sea"),
];

fn range(service: &Service) -> Option<Range> {
    service.digits.parse::<Range>().ok()
}

/// The service that the number is, begins with, or is the beginning of.
pub fn service_of(number: Number) -> Option<&'static Service> {
    SERVICES.iter().find(|service| range(service).is_some_and(|range| range.seen_from(number.length).contains(number)))
}

/// What of a range is not to be given for the services' sake.
pub(super) fn within(whole: &Range) -> impl Iterator<Item = Range> {
    SERVICES.iter().filter_map(range).map(|range| range.seen_from(whole.length)).filter(|range| range.overlaps(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_what_begins_with_them_are_kept() {
        let service = |text: &str| service_of(text.parse().unwrap()).map(|service| service.digits);
        assert_eq!(SERVICES.iter().filter(|service| range(service).is_none()).count(), 0);
        assert_eq!(
            [service("119"), service("119001"), service("12"), service("12345"), service("613001")],
            [Some("119"), Some("119"), Some("120"), Some("12345"), None]
        );
        assert_eq!(within(&"61xxxx".parse().unwrap()).count(), 0);
        assert!(within(&"1xxxxx".parse().unwrap()).count() > 20);
    }
}
