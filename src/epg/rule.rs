//! Recording rules: which programmes go to which column.

use serde::{Deserialize, Serialize};

use super::{Programme, TimeOfDay, Weekdays, Words, fold_title};
use crate::base::{ChannelId, ColumnId, RuleId, Zone};

/// How a rule's title is compared with a programme's, both folded (see [`fold_title`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TitleMatch {
    #[default]
    Contains,
    Exact,
    /// The title does not matter.
    Any,
}

/// A recording rule. All conditions must hold; they are about the programme's title, channel and start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rule {
    pub id: RuleId,
    pub title: String,
    #[serde(default)]
    pub title_match: TitleMatch,
    /// `None`: every channel.
    #[serde(default)]
    pub channel: Option<ChannelId>,
    /// Empty: every day.
    #[serde(default)]
    pub weekdays: Weekdays,
    /// The programme begins at or after this.
    #[serde(default)]
    pub from_time: Option<TimeOfDay>,
    /// The programme begins before this; where it is before `from_time` the window passes midnight.
    #[serde(default)]
    pub to_time: Option<TimeOfDay>,
    pub column: ColumnId,
    #[serde(default)]
    pub pad_before_seconds: u32,
    #[serde(default)]
    pub pad_after_seconds: u32,
    /// Only the newest so many are kept.
    #[serde(default)]
    pub keep_last: Option<u32>,
    /// Kept for so many days after the day it was on.
    #[serde(default)]
    pub keep_days: Option<u32>,
    pub enabled: bool,
    /// What is wrong with it just now, such as that it matches nothing. Told, never taken in.
    #[serde(default, skip_deserializing)]
    pub warning: Option<String>,
}

/// The longest padding: beside more than this stands another programme.
pub const PADDING_LIMIT_SECONDS: u32 = 3 * 3600;
/// The longest title of a rule, in characters.
pub const TITLE_LIMIT: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("a rule needs a title to look for, or the title match `any`")]
    Title,
    #[error("the title has {0} characters; at most 200 are allowed")]
    TitleLength(usize),
    #[error("the time window is empty: it begins and ends at {0}")]
    Window(TimeOfDay),
    #[error("a time window cannot begin at 24:00")]
    WindowStart,
    #[error("padding of {0} s is too long; at most 10800 s (3 h) are allowed")]
    Padding(u32),
    #[error("to keep the last 0 programmes is to keep none; leave it out to keep all")]
    KeepLast,
    #[error("to keep programmes for 0 days is to keep none; leave it out to keep them for ever")]
    KeepDays,
}

impl Rule {
    /// Whether it makes sense. Weekdays and times of day were checked when they were read.
    pub fn check(&self) -> Result<(), RuleError> {
        let length = self.title.chars().count();
        if length > TITLE_LIMIT {
            return Err(RuleError::TitleLength(length));
        }
        if self.title_match != TitleMatch::Any && fold_title(&self.title).is_empty() {
            return Err(RuleError::Title);
        }
        match (self.from_time, self.to_time) {
            (Some(from), _) if from.minutes() == 1440 => return Err(RuleError::WindowStart),
            (Some(from), Some(to)) if from == to => return Err(RuleError::Window(from)),
            (None, Some(to)) if to.minutes() == 0 => return Err(RuleError::Window(to)),
            _ => {}
        }
        if let Some(&long) = [self.pad_before_seconds, self.pad_after_seconds].iter().find(|&&s| s > PADDING_LIMIT_SECONDS) {
            return Err(RuleError::Padding(long));
        }
        if self.keep_last == Some(0) {
            return Err(RuleError::KeepLast);
        }
        if self.keep_days == Some(0) {
            return Err(RuleError::KeepDays);
        }
        Ok(())
    }

    /// The title and the channel fit, whenever it is on.
    pub(super) fn matches_what(&self, programme: &Programme) -> bool {
        self.is_of_channel(programme) && self.matches_title(&fold_title(&self.title), &fold_title(&programme.title))
    }

    fn is_of_channel(&self, programme: &Programme) -> bool {
        self.channel.as_ref().is_none_or(|channel| *channel == programme.channel)
    }

    /// Both titles folded.
    fn matches_title(&self, wanted: &str, title: &str) -> bool {
        match self.title_match {
            TitleMatch::Any => true,
            TitleMatch::Exact => title == wanted,
            TitleMatch::Contains => !wanted.is_empty() && title.contains(wanted),
        }
    }

    /// The weekday and the time of day fit, whatever it is.
    pub(super) fn matches_when(&self, start: crate::base::UtcMs, zone: &Zone) -> bool {
        let time = TimeOfDay::of(start, zone);
        let in_window = match (self.from_time, self.to_time) {
            (None, None) => true,
            (Some(from), None) => time >= from,
            (None, Some(to)) => time < to,
            (Some(from), Some(to)) if from < to => from <= time && time < to,
            (Some(from), Some(to)) => time >= from || time < to,
        };
        in_window && (self.weekdays.is_empty() || self.weekdays.contains(zone.weekday(start)))
    }
}

/// Whether the rule takes this programme. A disabled rule takes none.
pub fn matches(rule: &Rule, programme: &Programme, zone: &Zone) -> bool {
    rule.enabled && rule.matches_what(programme) && rule.matches_when(programme.start, zone)
}

/// Rules made ready to be held against many programmes: titles are folded once.
pub(super) struct Matcher<'a>(Vec<(&'a Rule, String)>);

impl<'a> Matcher<'a> {
    pub(super) fn new(rules: &'a [Rule]) -> Self {
        Self(rules.iter().filter(|rule| rule.enabled).map(|rule| (rule, fold_title(&rule.title))).collect())
    }

    /// The rules that take this programme, in their order.
    pub(super) fn matching(&self, programme: &Programme, zone: &Zone) -> Vec<&'a Rule> {
        let title = fold_title(&programme.title);
        let fits = |rule: &Rule, wanted: &str| rule.is_of_channel(programme) && rule.matches_title(wanted, &title) && rule.matches_when(programme.start, zone);
        self.0.iter().filter(|(rule, wanted)| fits(rule, wanted)).map(|(rule, _)| *rule).collect()
    }
}

/// Why a rule takes nothing of this guide, for its owner; `None` where it takes something or is switched off.
pub fn why_nothing(rule: &Rule, guide: &[Programme], zone: &Zone) -> Option<Words> {
    if !rule.enabled || guide.iter().any(|p| matches(rule, p, zone)) {
        return None;
    }
    let of_channel = guide.iter().filter(|p| rule.is_of_channel(p)).count();
    let fitting: Vec<&Programme> = guide.iter().filter(|p| rule.matches_what(p)).collect();
    let words = match (of_channel, fitting.first()) {
        (0, _) => ("没有可供匹配的节目单".to_owned(), "there is no guide that it could match".to_owned()),
        (n, None) => (format!("节目单中 {n} 个节目的名称都不符"), format!("none of the {n} programmes in the guide has such a title")),
        (_, Some(p)) => {
            let at = |p: &Programme| format!("{} {}", zone.date(p.start), TimeOfDay::of(p.start, zone));
            (
                format!("有 {} 个节目名称相符，但时间不符，如“{}”（{}）", fitting.len(), p.title, at(p)),
                format!("{} programmes have such a title but another time, such as “{}” ({})", fitting.len(), p.title, at(p)),
            )
        }
    };
    Some(Words { zh: words.0, en: words.1 })
}

/// The rule as a sentence. Channel and column are named by their titles.
pub fn describe(rule: &Rule, channel_title: Option<&str>, column_title: &str) -> Words {
    const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let named = |names: [&str; 7], between: &str| {
        let names: Vec<&str> = rule.weekdays.days().iter().filter_map(|&d| names.get(usize::from(d) - 1).copied()).collect();
        names.join(between)
    };
    let (zh_days, en_days) = match rule.weekdays.days() {
        [] | [1, 2, 3, 4, 5, 6, 7] => ("每天".to_owned(), "every day".to_owned()),
        [1, 2, 3, 4, 5] => ("周一至周五".to_owned(), "Monday to Friday".to_owned()),
        _ => (format!("每周{}", named(ZH, "、")), format!("every {}", named(EN, ", "))),
    };
    let (zh_time, en_time) = match (rule.from_time, rule.to_time) {
        (None, None) => (String::new(), String::new()),
        (Some(from), None) => (format!("{from} 以后"), format!(" from {from}")),
        (None, Some(to)) => (format!("{to} 以前"), format!(" before {to}")),
        (Some(from), Some(to)) if from < to => (format!("{from}–{to}"), format!(" between {from} and {to}")),
        (Some(from), Some(to)) => (format!("{from}–次日 {to}"), format!(" between {from} and {to} of the next day")),
    };
    let (zh_title, en_title) = match rule.title_match {
        TitleMatch::Any => ("所有节目".to_owned(), "every programme".to_owned()),
        TitleMatch::Exact => (format!("名为“{}”的节目", rule.title), format!("programmes titled “{}”", rule.title)),
        TitleMatch::Contains => (format!("名称含“{}”的节目", rule.title), format!("programmes whose title contains “{}”", rule.title)),
    };
    let channel = rule.channel.as_ref().map(|id| channel_title.unwrap_or(id.as_str()));
    let (zh_channel, en_channel) = (channel.unwrap_or("所有频道"), channel.unwrap_or("every channel"));
    let mut zh = format!("{zh_days}{zh_time}开始的、{zh_channel}的{zh_title}，收入“{column_title}”栏目");
    let mut en = format!("{en_title} on {en_channel} that begin {en_days}{en_time} go to “{column_title}”");
    if let Some(last) = rule.keep_last {
        zh += &format!("，保留最近 {last} 期");
        en += &format!("; the last {last} are kept");
    }
    if let Some(days) = rule.keep_days {
        zh += &format!("，保留 {days} 天");
        en += &format!("; kept for {days} days");
    }
    Words { zh, en }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::UtcMs;
    use crate::epg::{EventKey, Source};

    fn rule() -> Rule {
        serde_json::from_str(r#"{"id":"r","title":"新闻联播","column":"news","enabled":true}"#).unwrap()
    }

    /// A programme on cctv1 that begins at that date and hour in Shanghai.
    fn programme(title: &str, date: jiff::civil::Date, hour: i8, minute: i8) -> Programme {
        let start = Zone::named("Asia/Shanghai").unwrap().instant(date, jiff::civil::time(hour, minute, 0, 0));
        Programme {
            channel: "cctv1".into(),
            event: EventKey::from("e".to_owned()),
            title: title.into(),
            subtitle: String::new(),
            description: String::new(),
            start,
            end: start + 1_800_000,
            source: Source::Eit,
            running: false,
            scrambled: false,
        }
    }

    const FRIDAY: jiff::civil::Date = jiff::civil::date(2026, 11, 20);

    fn takes(rule: &Rule, title: &str, date: jiff::civil::Date, hour: i8, minute: i8) -> bool {
        matches(rule, &programme(title, date, hour, minute), &Zone::named("Asia/Shanghai").unwrap())
    }

    #[test]
    fn titles_fit_whatever_their_width() {
        assert!(takes(&rule(), "１９点　新闻 联播", FRIDAY, 19, 0));
        assert!(!takes(&rule(), "晚间新闻", FRIDAY, 19, 0));
        let exact = Rule { title_match: TitleMatch::Exact, title: "ＣＣＴＶ news".into(), ..rule() };
        assert!(takes(&exact, "cctv  ＮＥＷＳ", FRIDAY, 19, 0));
        assert!(!takes(&exact, "cctv news 2", FRIDAY, 19, 0));
        assert!(takes(&Rule { title_match: TitleMatch::Any, title: String::new(), ..rule() }, "", FRIDAY, 19, 0));
        assert!(!takes(&Rule { enabled: false, ..rule() }, "新闻联播", FRIDAY, 19, 0));
        assert!(!takes(&Rule { channel: Some("cctv2".into()), ..rule() }, "新闻联播", FRIDAY, 19, 0));
        assert!(takes(&Rule { channel: Some("cctv1".into()), ..rule() }, "新闻联播", FRIDAY, 19, 0));
    }

    #[test]
    fn a_window_is_half_open_and_may_pass_midnight() {
        let evening = Rule { from_time: "19:00".parse().ok(), to_time: "19:30".parse().ok(), ..rule() };
        assert!(takes(&evening, "新闻联播", FRIDAY, 19, 0));
        assert!(takes(&evening, "新闻联播", FRIDAY, 19, 29));
        assert!(!takes(&evening, "新闻联播", FRIDAY, 19, 30));
        let night = Rule { from_time: "23:00".parse().ok(), to_time: "02:00".parse().ok(), weekdays: Weekdays::new([5]).unwrap(), ..rule() };
        assert!(takes(&night, "新闻联播", FRIDAY, 23, 30));
        assert!(takes(&night, "新闻联播", FRIDAY, 1, 0));
        assert!(!takes(&night, "新闻联播", FRIDAY, 2, 0));
        assert!(!takes(&night, "新闻联播", FRIDAY.tomorrow().unwrap(), 1, 0), "the weekday is the start's own");
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        assert_eq!(rule().check(), Ok(()));
        let told = |rule: Rule| rule.check().unwrap_err().to_string();
        assert_eq!(told(Rule { title: "　 ".into(), ..rule() }), "a rule needs a title to look for, or the title match `any`");
        let at = "19:00".parse().ok();
        assert_eq!(told(Rule { from_time: at, to_time: at, ..rule() }), "the time window is empty: it begins and ends at 19:00");
        assert!(told(Rule { pad_after_seconds: 99_999, ..rule() }).contains("99999"));
        assert!(told(Rule { keep_last: Some(0), ..rule() }).contains("keep none"));
        assert!(told(Rule { title: "长".repeat(201), ..rule() }).contains("201"));
        let wrong = serde_json::from_str::<Rule>(r#"{"id":"r","title":"x","column":"n","enabled":true,"weekdays":[0]}"#).unwrap_err().to_string();
        assert!(wrong.contains("weekday 0 is not known"), "{wrong}");
        let wrong = serde_json::from_str::<Rule>(r#"{"id":"r","title":"x","column":"n","enabled":true,"from_time":"7pm"}"#).unwrap_err().to_string();
        assert!(wrong.contains("`7pm` is not a time of day"), "{wrong}");
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let rule = Rule {
            channel: Some("cctv1".into()),
            weekdays: Weekdays::new([1, 3]).unwrap(),
            from_time: "19:00".parse().ok(),
            to_time: "20:00".parse().ok(),
            keep_last: Some(7),
            ..rule()
        };
        let words = describe(&rule, Some("央视综合"), "新闻");
        assert_eq!(words.zh, "每周一、三19:00–20:00开始的、央视综合的名称含“新闻联播”的节目，收入“新闻”栏目，保留最近 7 期");
        assert_eq!(
            words.en,
            "programmes whose title contains “新闻联播” on 央视综合 that begin every Monday, Wednesday between 19:00 and 20:00 go to “新闻”; the last 7 are kept"
        );
    }

    #[test]
    fn a_rule_that_takes_nothing_says_why() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let guide = [programme("晚间新闻", FRIDAY, 22, 0), programme("新闻联播", FRIDAY, 19, 0)];
        assert_eq!(why_nothing(&rule(), &guide, &zone), None);
        let late = Rule { from_time: "20:00".parse().ok(), ..rule() };
        assert_eq!(why_nothing(&late, &guide, &zone).unwrap().zh, "有 1 个节目名称相符，但时间不符，如“新闻联播”（2026-11-20 19:00）");
        let other = Rule { title: "体育".into(), ..rule() };
        assert_eq!(why_nothing(&other, &guide, &zone).unwrap().en, "none of the 2 programmes in the guide has such a title");
        let elsewhere = Rule { channel: Some("cctv9".into()), ..rule() };
        assert_eq!(why_nothing(&elsewhere, &guide, &zone).unwrap().en, "there is no guide that it could match");
        assert_eq!(Matcher::new(&[other, rule(), late]).matching(&guide[1], &zone), [&rule()]);
    }

    #[test]
    fn json_is_that_of_the_api() {
        let text = r#"{"id":"r","title":"新闻","title_match":"exact","channel":null,"weekdays":[7,1],"from_time":"19:00","to_time":null,"column":"news","pad_before_seconds":30,"pad_after_seconds":60,"keep_last":null,"keep_days":30,"enabled":true,"warning":"never believed"}"#;
        let rule: Rule = serde_json::from_str(text).unwrap();
        assert_eq!(rule.warning, None);
        assert_eq!(serde_json::to_value(&rule).unwrap()["weekdays"], serde_json::json!([1, 7]));
        assert_eq!(serde_json::to_value(&rule).unwrap()["from_time"], "19:00");
        let p = serde_json::to_value(programme("x", FRIDAY, 19, 0)).unwrap();
        assert_eq!(
            (&p["source"], &p["start"], &p["running"]),
            (&serde_json::json!("eit"), &serde_json::json!(1_795_172_400_000_i64), &serde_json::json!(false))
        );
        assert_eq!(UtcMs(1_795_172_400_000).to_string(), "2026-11-20T11:00:00.000Z");
    }
}
