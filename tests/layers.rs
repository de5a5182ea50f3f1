//! The map of the land: which module may use which, which module fences which crate, and what pure means. A change of the map is a change here.

use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. A module uses modules of lower layers. Modules to come have their place already.
const LAYERS: &[(u32, &[&str])] = &[
    (0, &["base", "config", "telemetry"]),
    (1, &["ts", "cmaf", "epg", "hls", "ladder", "sfu", "conduct", "minutes", "allocation", "numbering"]),
    (2, &["store", "transport", "ingest", "jobs", "document"]),
    (3, &["org", "room"]),
    (4, &["channel", "library", "meeting"]),
    (5, &["studio", "post"]),
    (6, &["app", "http", "load"]),
];

/// The uses within a layer, and why.
const SIDEWAYS: &[(&str, &str, &str)] = &[
    ("cmaf", "ts", "it takes transport packets apart"),
    ("epg", "ts", "its tables travel in transport packets"),
    ("ladder", "cmaf", "it decides by what the source's tracks are"),
    ("sfu", "allocation", "it divides a line's budget among what a peer wants"),
    ("minutes", "conduct", "they tell what was commanded, and how it ended"),
    ("jobs", "store", "the queue is rows"),
    ("library", "channel", "it cuts from a channel's tape, through its handle"),
    ("app", "http", "it serves the routes"),
    ("app", "load", "its command line lets participants come"),
];

/// The second binary (`src/worker`) sees these layers only.
const WORKER_SEES: &[u32] = &[0, 1];

/// A big dependency is known to one module, so that its next version changes one module.
const FENCES: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("axum", &["http", "app"]),
    ("axum_server", &["app"]),
    ("utoipa_axum", &["http"]),
    ("rust_embed", &["http"]),
    ("gstreamer", &["worker"]),
    ("gstreamer_app", &["worker"]),
    ("gstreamer_video", &["worker"]),
    // The worker's demonstration stream makes EIT, which the crate reads and writes.
    ("dvb_si", &["epg", "worker"]),
    ("quick_xml", &["epg"]),
    ("mpeg2ts_reader", &["ts"]),
    ("mp4_atom", &["cmaf"]),
    ("h264_reader", &["cmaf"]),
    ("retina", &["ingest"]),
    ("rtc", &["transport"]),
    ("str0m", &["load"]),
    ("tokio_tungstenite", &["load"]),
    ("tokio_rustls", &["load"]),
    ("reqwest", &["room", "app"]),
    ("lettre", &["meeting"]),
    ("aws_lc_rs", &["transport", "room", "load"]),
    ("slab", &["sfu"]),
    ("prost", &["room", "load"]),
    ("livekit_protocol", &["room", "load"]),
    ("socket2", &["ingest", "transport", "worker"]),
    ("nix", &["ingest", "transport", "app"]),
    ("argon2", &["org"]),
    ("csv", &["org"]),
    ("pinyin", &["org"]),
    ("rcgen", &["app"]),
    ("rustls", &["app", "transport", "load"]),
    ("x509_parser", &["app"]),
    ("command_fds", &["jobs"]),
    ("krilla", &["document"]),
    ("rustybuzz", &["document"]),
    ("rust_xlsxwriter", &["document"]),
    ("zip", &["document"]),
    ("moka", &["channel", "library", "post"]),
    ("clap", &["app", "worker"]),
    ("tracing_subscriber", &["telemetry", "worker"]),
    ("metrics_exporter_prometheus", &["telemetry"]),
    ("toml", &["config"]),
];

/// What layer 1 has no use for: it is given bytes, and told the time.
const IMPURE: &[&str] = &["std::fs", "std::net", "std::env", "std::process", "std::thread", "tokio", "SystemTime", "Instant::now", "async fn", "rustix", "nix"];

/// A file of a module, its code without comments and test modules, line by line.
struct File {
    module: String,
    path: PathBuf,
    lines: Vec<String>,
    /// Of a test, by its name or by `#[cfg(test)] mod …;`.
    is_test: bool,
}

#[test]
fn modules_use_lower_layers_only() {
    let mut broken = Vec::new();
    for file in files() {
        for (at, line) in file.lines.iter().enumerate() {
            for used in modules_in(line) {
                if let Some(why) = not_allowed(&file.module, &used) {
                    broken.push(format!("{}:{}: {why}", file.path.display(), at + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "the layers are broken:\n{}", broken.join("\n"));
}

#[test]
fn every_module_has_its_layer() {
    for file in files() {
        assert!(file.module == "worker" || layer(&file.module).is_some(), "{}: `{}` has no layer", file.path.display(), file.module);
    }
}

#[test]
fn big_dependencies_stay_behind_their_fences() {
    let mut broken = Vec::new();
    for file in files().into_iter().filter(|file| !file.is_test) {
        for (at, line) in file.lines.iter().enumerate() {
            for (dependency, allowed) in FENCES {
                if !allowed.contains(&file.module.as_str()) && mentions_crate(line, dependency) {
                    broken.push(format!("{}:{}: only {} may use `{dependency}`", file.path.display(), at + 1, allowed.join(" and ")));
                }
            }
        }
    }
    assert!(broken.is_empty(), "fences are broken:\n{}", broken.join("\n"));
}

#[test]
fn layer_1_is_pure() {
    let mut broken = Vec::new();
    for file in files().into_iter().filter(|file| !file.is_test && layer(&file.module) == Some(1)) {
        for (at, line) in file.lines.iter().enumerate() {
            for word in IMPURE.iter().filter(|word| mentions(line, word)) {
                broken.push(format!("{}:{}: layer 1 is pure, `{word}` is not", file.path.display(), at + 1));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// So that `yizhan check` can speak where GStreamer is missing, and a decoder's crash cannot reach the server.
#[test]
fn the_server_does_not_link_gstreamer() {
    let listed = std::process::Command::new("ldd").arg(env!("CARGO_BIN_EXE_yizhan")).output().expect("ldd (package libc-bin)");
    let libraries = String::from_utf8_lossy(&listed.stdout);
    assert!(libraries.contains("libc.so"), "ldd says: {libraries}{}", String::from_utf8_lossy(&listed.stderr));
    let foreign: Vec<_> = libraries.lines().filter(|line| ["libgst", "libglib", "libgobject"].iter().any(|name| line.contains(name))).collect();
    assert!(foreign.is_empty(), "yizhan links {foreign:?}");
}

#[test]
fn this_test_sees_what_it_should() {
    assert_eq!(modules_in("use crate::{base::{Clock, UtcMs}, store, org::Org};"), ["base", "store", "org"]);
    assert_eq!(modules_in("let x = crate::ts::Packet::new(yizhan::cmaf::X);"), ["ts", "cmaf"]);
    assert!(modules_in("use mycrate::ts;").is_empty());
    assert!(not_allowed("store", "org").is_some() && not_allowed("org", "store").is_none());
    assert!(not_allowed("ts", "cmaf").is_some() && not_allowed("cmaf", "ts").is_none());
    assert!(not_allowed("worker", "store").is_some() && not_allowed("worker", "cmaf").is_none());
    assert!(mentions_crate("    sqlx::query(", "sqlx") && mentions_crate("use sqlx;", "sqlx") && mentions_crate("#[derive(sqlx::FromRow)]", "sqlx"));
    assert!(!mentions_crate("let csv = 1; mysqlx::x; self.csv.push()", "csv"));
    assert_eq!(code("a // use crate::http\n/* b\nc */ d \"// no\" '\"' e\n"), ["a ", "", " d \"// no\" '\"' e", ""]);
    assert_eq!(code("a\n#[cfg(test)]\nmod tests {\n  { std::fs }\n}\nb"), ["a", "", "", "", "", "b"]);
}

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(_, modules)| modules.contains(&module)).map(|(layer, _)| *layer)
}

fn not_allowed(user: &str, used: &str) -> Option<String> {
    let theirs = layer(used)?;
    if user == "worker" {
        return (!WORKER_SEES.contains(&theirs)).then(|| format!("the worker uses `{used}` of layer {theirs}; it may use {WORKER_SEES:?}"));
    }
    let ours = layer(user)?;
    let is_known_sideways = SIDEWAYS.iter().any(|(a, b, _)| (*a, *b) == (user, used));
    (user != used && ours <= theirs && !is_known_sideways).then(|| format!("`{user}` (layer {ours}) uses `{used}` (layer {theirs})"))
}

/// The modules of this package that a line of code names: `crate::x`, `yizhan::x`, `crate::{x::…, y}`.
fn modules_in(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "yizhan::"] {
        for (at, _) in line.match_indices(root) {
            if line[..at].ends_with(is_word) {
                continue;
            }
            let rest = &line[at + root.len()..];
            match rest.strip_prefix('{') {
                Some(group) => found.extend(top_level_names(group)),
                None => found.extend(first_word(rest)),
            }
        }
    }
    found
}

fn top_level_names(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = Vec::new();
    let mut begins = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if c.is_whitespace() => {}
            _ if begins && depth == 0 => {
                begins = false;
                names.extend(first_word(&group[at..]));
            }
            _ => {}
        }
    }
    names
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| is_word(*c)).collect();
    (!word.is_empty()).then_some(word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The word stands in the line, not as a part of a longer one.
fn mentions(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(is_word) && !line[at + word.len()..].starts_with(is_word))
}

/// `sqlx::…`, `use sqlx`; not a variable or a field of that name, nor a path that ends with it.
fn mentions_crate(line: &str, name: &str) -> bool {
    let is_path = |at: usize| line[at + name.len()..].starts_with("::") && !line[..at].ends_with("::") && !line[..at].ends_with(is_word);
    line.match_indices(name).any(|(at, _)| is_path(at)) || line.trim_start().strip_prefix("use ").is_some_and(|rest| first_word(rest).as_deref() == Some(name))
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&src, &mut paths);
    paths.sort();
    let texts: Vec<_> = paths.iter().map(|path| fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).collect();
    let tests: Vec<PathBuf> = paths.iter().zip(&texts).flat_map(|(path, text)| test_modules(path, text)).collect();
    let files = paths.iter().zip(&texts).filter_map(|(path, text)| {
        let inside = path.strip_prefix(&src).ok()?;
        let module = inside.iter().next()?.to_str()?.trim_end_matches(".rs").to_owned();
        let is_test = tests.iter().any(|test| path.with_extension("") == *test || path.starts_with(test));
        (module != "lib" && module != "main").then(|| File { module, path: Path::new("src").join(inside), lines: joined_uses(code(text)), is_test })
    });
    let files: Vec<File> = files.collect();
    assert!(files.len() > 20, "the sources are at {}", src.display());
    files
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Where the modules are that a file declares with `#[cfg(test)] mod name;`.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let is_folders = path.file_stem().is_some_and(|stem| stem == "mod" || stem == "lib" || stem == "main");
    let folder = if is_folders { path.parent().map(Path::to_owned).unwrap_or_default() } else { path.with_extension("") };
    let after = text.split("#[cfg(test)]").skip(1);
    let declared = after.filter_map(|after| {
        let line = after.trim_start().lines().next()?;
        first_word(line.split("mod ").nth(1)?).filter(|_| line.trim_end().ends_with(';'))
    });
    declared.map(|name| folder.join(name)).collect()
}

/// The code alone: comments and `#[cfg(test)] mod … { … }` are blanked, lines stay in their places.
fn code(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => skip(&mut lines, &rest[..rest.find("*/").map_or(rest.len(), |end| end + 2)]),
            '#' if rest.starts_with("#[cfg(test)]") && test_block(rest).is_some() => skip(&mut lines, &rest[..test_block(rest).unwrap_or(1)]),
            '"' => keep(&mut lines, &rest[..string_end(rest)]),
            '\'' if rest.starts_with("'\"'") => keep(&mut lines, &rest[..3]),
            _ => keep(&mut lines, &rest[..c.len_utf8()]),
        };
        rest = &rest[taken..];
    }
    lines
}

fn keep(lines: &mut Vec<String>, text: &str) -> usize {
    for (at, part) in text.split('\n').enumerate() {
        if at > 0 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    text.len()
}

fn skip(lines: &mut Vec<String>, text: &str) -> usize {
    lines.extend(text.matches('\n').map(|_| String::new()));
    text.len()
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    let close = text.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    close.map_or(text.len(), |(at, _)| at + 1)
}

/// The length of a test module's block that begins here; rustfmt puts its last brace at the margin of its first line.
fn test_block(text: &str) -> Option<usize> {
    let head = text.find('{')?;
    if !text[..head].contains("mod ") || text[..head].contains(';') {
        return None;
    }
    text.find("\n}").map(|end| end + 2)
}

/// A `use` over several lines becomes its first line, so that a group is seen whole.
fn joined_uses(mut lines: Vec<String>) -> Vec<String> {
    for at in 0..lines.len() {
        let is_open = lines[at].trim_start().trim_start_matches("pub ").starts_with("use ") && !lines[at].contains(';');
        let mut next = at + 1;
        while is_open && next < lines.len() && !lines[at].contains(';') {
            let more = std::mem::take(&mut lines[next]);
            lines[at].push_str(&more);
            next += 1;
        }
    }
    lines
}
