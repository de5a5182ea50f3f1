//! Every route of television and library against every role: who may, may; who may not is told so. (The routes of the organisation and of meetings have tables
//! of their own.)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::Server;

const ROLES: [&str; 6] = ["viewer", "column_editor", "operator", "chair", "auditor", "administrator"];

/// A route, what is sent, and the roles that may; `None`: everybody (no network is named, so what is public is open).
struct Row {
    method: &'static str,
    path: &'static str,
    body: Value,
    may: Option<&'static [&'static str]>,
}

const OPERATE: Option<&[&str]> = Some(&["operator", "administrator"]);
const EDIT: Option<&[&str]> = Some(&["column_editor", "operator", "administrator"]);

fn row(method: &'static str, path: &'static str, may: Option<&'static [&'static str]>, body: Value) -> Row {
    Row { method, path, body, may }
}

fn table() -> Vec<Row> {
    let nothing = Value::Null;
    let rule = json!({"title": "x", "column": "none"});
    vec![
        row("get", "/front", None, nothing.clone()),
        row("get", "/status", None, nothing.clone()),
        row("get", "/channels", None, nothing.clone()),
        row("post", "/channels", OPERATE, json!({"id": "-", "title": "x", "source": {"kind": "udp", "address": "239.1.1.1:5000", "interface": null}})),
        row("get", "/channels/{id}", None, nothing.clone()),
        row("patch", "/channels/{id}", OPERATE, json!({"service": 0})),
        row("delete", "/channels/{id}", OPERATE, nothing.clone()),
        row("get", "/channels/{id}/tape", None, nothing.clone()),
        row("get", "/channels/{id}/services", OPERATE, nothing.clone()),
        row("get", "/channels/{id}/guide", None, nothing.clone()),
        row("get", "/channels/{id}/timetable", None, nothing.clone()),
        row("post", "/channels/{id}/timetable", OPERATE, json!({"weekdays": [], "start": "19:00", "end": "19:30", "title": "x"})),
        row("delete", "/channels/{id}/timetable/{slot}", OPERATE, nothing.clone()),
        row("get", "/columns", None, nothing.clone()),
        row("post", "/columns", EDIT, json!({"id": "-", "title": "x"})),
        row("get", "/columns/{id}", None, nothing.clone()),
        row("patch", "/columns/{id}", EDIT, json!({"title": ""})),
        row("delete", "/columns/{id}", EDIT, nothing.clone()),
        row("get", "/rules", EDIT, nothing.clone()),
        row("post", "/rules", EDIT, json!({"title": "x", "column": "kept", "channel": "nowhere"})),
        row("get", "/rules/{id}", EDIT, nothing.clone()),
        row("patch", "/rules/{id}", EDIT, json!({"title": ""})),
        row("delete", "/rules/{id}", EDIT, nothing.clone()),
        row("get", "/rules/{id}/preview", EDIT, nothing.clone()),
        row("post", "/rules/preview", EDIT, rule),
        row("get", "/assets", None, nothing.clone()),
        row("post", "/assets", EDIT, json!({"title": "x", "channel": "kept", "column": "kept", "from": 2, "to": 1})),
        row("get", "/assets/{id}", None, nothing.clone()),
        row("patch", "/assets/{id}", EDIT, json!({"title": ""})),
        row("delete", "/assets/{id}", EDIT, nothing.clone()),
        row("post", "/assets/{id}/cancel", EDIT, nothing.clone()),
        row("post", "/assets/{id}/retry", EDIT, nothing.clone()),
        row("get", "/jobs", OPERATE, nothing.clone()),
        row("get", "/jobs/{id}", OPERATE, nothing.clone()),
        row("post", "/jobs/{id}/cancel", OPERATE, nothing.clone()),
        row("post", "/jobs/{id}/retry", OPERATE, nothing),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_meets_every_route() {
    let server = Server::start("").await;
    {
        let id = "kept";
        server.column(id).await;
        let source = json!({"kind": "udp", "address": "127.0.0.1:9", "interface": null});
        server.post("/api/v1/channels", json!({"id": id, "title": id, "source": source, "enabled": false})).await;
    }
    let rule = server.post("/api/v1/rules", json!({"title": "x", "column": "kept"})).await;
    // A stretch to come: it is cut when the tape has it.
    let soon = server.get("/api/v1/status").await["now"].as_i64().unwrap() + 3_600_000;
    let asset = server.post("/api/v1/assets", json!({"title": "x", "channel": "kept", "column": "kept", "from": soon, "to": soon + 1000})).await;
    let mut callers: Vec<(&str, Option<String>)> = vec![("nobody", None)];
    for role in ROLES {
        let made = server.post("/api/v1/tokens", json!({"name": role, "roles": [{"role": role, "unit": "root"}]})).await;
        let text = made["token"].as_str().unwrap_or_else(|| panic!("{made:#}")).to_owned();
        callers.push((role, Some(text)));
    }

    let description = server.get("/api/v1/openapi.json").await;
    let table = table();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let ours =
                operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| matches!(t.as_str(), Some("library" | "television" | "operations"))));
            let known = table.iter().any(|row| row.method == method && format!("/api/v1{}", row.path) == *path);
            assert!(!ours || known, "{method} {path} has no row in this table");
        }
    }

    // What would change for good is only tried by those who may not.
    for row in &table {
        for (role, token) in &callers {
            let allowed = row.may.is_none_or(|may| may.contains(role));
            if allowed && row.method == "delete" {
                continue;
            }
            let id = match row.path.split('/').nth(1) {
                Some("rules") => rule["id"].as_str().unwrap(),
                Some("assets") => asset["id"].as_str().unwrap(),
                Some("jobs") => "none",
                _ => "kept",
            };
            let path = format!("/api/v1{}", row.path.replace("{id}", id).replace("{slot}", "none"));
            let method: Method = row.method.to_uppercase().parse().unwrap();
            let changes_for_good = allowed && (path.ends_with("/cancel") || path.ends_with("/retry")) && id != "none";
            if changes_for_good {
                continue;
            }
            let response = server.ask_as(token.as_deref(), method, &path, &row.body).await;
            let status = response.status().as_u16();
            let refused = matches!(status, 401 | 403);
            assert_eq!(!refused, allowed, "{role}: {} {path}: {status} {}", row.method, response.text().await.unwrap_or_default());
            assert!(status < 500, "{role}: {} {path}: {status}", row.method);
            assert!(!refused || (status == 401) == token.is_none(), "{role}: {} {path}: {status}", row.method);
        }
    }
}
