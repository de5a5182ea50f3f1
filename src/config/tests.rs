use std::path::Path;

use proptest::prelude::*;

use super::*;

fn said(text: &str) -> String {
    Config::parse("config/yizhan.toml", text).unwrap_err().to_string()
}

#[test]
fn the_shipped_file_is_the_defaults() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/yizhan.toml");
    let shipped = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shipped == render_default(), "config/yizhan.toml is stale: run `make config`");
}

#[test]
fn what_is_rendered_reads_back_as_the_defaults() {
    assert_eq!(Config::parse("default", &render_default()).unwrap(), Config::default());
    assert_eq!(Config::parse("empty", "").unwrap(), Config::default());
}

#[test]
fn the_example_of_a_network_is_valid_when_its_comment_signs_go() {
    let lines = networks::EXAMPLE.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| line.starts_with("[[") || line.contains(" = "));
    let config = Config::parse("example", &lines.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(config.networks.0.len(), 1);
    assert_eq!(config.networks.of("10.20.3.4".parse().unwrap()).unwrap().name, "county-offices");
    assert_eq!(config.networks.of("::ffff:10.20.3.4".parse().unwrap()).unwrap().name, "county-offices");
    assert!(config.networks.of("10.21.3.4".parse().unwrap()).is_none());
}

#[test]
fn every_field_is_in_a_section_and_explained_in_two_languages() {
    let config = Config::default();
    let values = toml::Table::try_from(&config).unwrap();
    let mut expected: Vec<_> = values.keys().cloned().collect();
    let mut found: Vec<String> = config.sections().iter().map(|(name, _)| (*name).to_owned()).collect();
    found.extend(["time_zone".to_owned(), "networks".to_owned()]);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    for (name, section) in config.sections() {
        assert!(section.doc().len() >= 2, "[{name}]");
        for setting in section.settings() {
            assert!(setting.doc.len() >= 2 && !setting.doc[0].is_ascii() && setting.doc[1].is_ascii(), "[{name}] {}", setting.name);
        }
    }
    assert!(config.server.https_listen.address().is_some() && config.server.http_listen.address().is_some());
    assert!(config.complaints().is_empty());
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_the_nearest_known_one() {
    assert_eq!(
        said("[tape]\nsegment_seconds = 30\nkep_hours = 72\n"),
        "config/yizhan.toml line 3: `[tape] kep_hours` is not a setting; did you mean `keep_hours`?"
    );
    assert_eq!(said("\n[tapes]\nkeep_hours = 1"), "config/yizhan.toml line 2: `[tapes]` is not a section; did you mean `[tape]`?");
    assert_eq!(said("keep_hours = 1"), "config/yizhan.toml line 1: `keep_hours` is not a setting; did you mean `[tape] keep_hours`?");
    assert_eq!(said("[server]\nqqqq = 1"), "config/yizhan.toml line 2: `[server] qqqq` is not a setting");
    assert_eq!(said("[[networks]]\nname = 'a'\nrange = []\n"), "config/yizhan.toml line 3: `[networks] range` is not a setting; did you mean `ranges`?");
    assert_eq!(said("[tape]\na_b = 1\n[jobs]\nparalel = 2").lines().count(), 2, "all of them at once");
}

#[test]
fn a_wrong_value_is_told_with_its_line_key_and_range() {
    assert_eq!(said("[tape]\n\nkeep_hours = 0"), "config/yizhan.toml line 3: `[tape] keep_hours`: 0 is out of range: 1 to 87600 is allowed");
    assert_eq!(said("[tape]\nkeep_hours = 'x'"), "config/yizhan.toml line 2: `[tape] keep_hours`: invalid type: string \"x\", expected u32");
    assert!(said("[tape]\nkeep_hours = -1").starts_with("config/yizhan.toml line 2: `[tape] keep_hours`: "));
    assert!(said("time_zone = 'Asia/Bejing'").starts_with("config/yizhan.toml line 1: `time_zone`: `Asia/Bejing` is not a time zone"));
    assert!(said("[server]\nhttps_listen = '8443'").starts_with("config/yizhan.toml line 2: `[server] https_listen`: `8443` is not an address with a port"));
    assert!(said("[server]\nhttp_listen = '0.0.0.0:80'").contains("not a loopback address"));
    assert!(said("[server]\ncertificate = 'a.pem'").contains("needs `key` beside it"));
    assert!(said("[transcode]\npreset = 'quick'").contains("`[transcode] preset`: unknown variant `quick`"));
    assert!(said("[ingest]\ndefault_charset = 'gb18300'").contains("not a known character set"));
    assert!(said("[[networks]]\nname = 'a'\nranges = ['10.0.0.0/33']").starts_with("config/yizhan.toml line 3: `[networks] ranges`: "));
    assert!(said("[tape\n").starts_with("config/yizhan.toml line 1: "));
    assert!(said("[tape]\nkeep_hours = 1\nkeep_hours = 2").starts_with("config/yizhan.toml line 3: "));
    assert!(said("tape = 3").starts_with("config/yizhan.toml line 1: `tape`: invalid type"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    assert!(Config::load(Path::new("no/such.toml")).unwrap_err().to_string().starts_with("no/such.toml: "));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Config::parse("any", &text);
    }

    /// Texts that are nearly configurations: known words, wrong places and values.
    #[test]
    fn nearly_a_configuration_is_read_or_refused(lines in prop::collection::vec(nearly_a_line(), 0..12)) {
        let text = lines.join("\n");
        if let Err(ConfigError::Wrong(problems)) = Config::parse("any", &text) {
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.iter().all(|p| p.line >= 1 && p.line <= lines.len().max(1)));
        }
    }
}

fn nearly_a_line() -> impl Strategy<Value = String> {
    let words: Vec<&str> = render_default().leak().split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let word = prop::sample::select(words);
    let value =
        prop_oneof!["-?[0-9]{1,20}", "\"[a-z0-9:./]{0,12}\"", Just("[]".to_owned()), Just("true".to_owned()), Just("{ a = 1 }".to_owned()), "[ -~]{0,8}"];
    prop_oneof![
        word.clone().prop_map(|w| format!("[{w}]")),
        word.clone().prop_map(|w| format!("[[{w}]]")),
        (word, value).prop_map(|(w, v)| format!("{w} = {v}"))
    ]
}
