use std::borrow::Cow;

/// Names of query parameters whose values open doors.
const SECRETS: &[&str] = &["token", "access_token", "key", "secret", "password", "signature", "sig", "jwt", "join_request"];

/// An address as it may stand in a log: values of secret query parameters, and a password before `@`, become `***`.
pub fn redacted(address: &str) -> Cow<'_, str> {
    let (before, query) = address.split_once('?').map_or((address, None), |(before, query)| (before, Some(query)));
    let credentials = before.find("://").map(|at| at + 3).and_then(|start| {
        let end = before[start..].find('/').map_or(before.len(), |at| start + at);
        let at = start + before[start..end].rfind('@')?;
        let colon = start + before[start..at].find(':')?;
        Some((colon + 1, at))
    });
    let has_secret = query.is_some_and(|query| query.split(['&', ';']).any(is_secret));
    if credentials.is_none() && !has_secret {
        return Cow::Borrowed(address);
    }
    let mut out = match credentials {
        Some((from, to)) => format!("{}***{}", &before[..from], &before[to..]),
        None => before.to_owned(),
    };
    for (at, pair) in query.into_iter().flat_map(|query| query.split(['&', ';'])).enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if is_secret(pair) => {
                out.push_str(name);
                out.push_str("=***");
            }
            _ => out.push_str(pair),
        }
    }
    Cow::Owned(out)
}

fn is_secret(pair: &str) -> bool {
    let name = pair.split_once('=').map_or("", |(name, _)| name);
    let name = unescaped(name).to_ascii_lowercase();
    SECRETS.contains(&name.as_str())
}

/// `%74oken` is `token`, too (RFC 3986 §2.1).
fn unescaped(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use proptest::prelude::*;

    #[test]
    fn secrets_do_not_reach_the_log() {
        assert_eq!(redacted("/media/live/cctv1/master.m3u8?from=17&token=abc&x=1"), "/media/live/cctv1/master.m3u8?from=17&token=***&x=1");
        assert_eq!(redacted("/rtc?%74oken=abc&ACCESS_TOKEN=d"), "/rtc?%74oken=***&ACCESS_TOKEN=***");
        assert_eq!(redacted("rtsp://admin:a@b@camera.local/stream?x"), "rtsp://admin:***@camera.local/stream?x");
        assert_eq!(redacted("/channels?cursor=key"), "/channels?cursor=key");
        assert_eq!(redacted("http://example.local/a@b:c"), "http://example.local/a@b:c");
    }

    proptest! {
        #[test]
        fn no_value_of_a_token_is_left(before in "[ -~]{0,20}", value in "[A-Z]{8,12}", after in "\\PC{0,20}") {
            let address = format!("/x?{}&token={value}&{after}", before.replace(['?', '#'], ""));
            prop_assert!(!redacted(&address).contains(&value) || before.contains(&value) || after.contains(&value));
        }
    }
}
