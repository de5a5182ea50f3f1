//! A rule takes its programme off the air without anybody's doing, also one that was on before the rule was made; and only once.

use serde_json::json;

use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_made_afterwards_finds_the_programme_on_the_tape() {
    let server = Server::start("").await;
    server.column("news").await;
    server.file_channel("one", &material::progressive(), None).await;
    // The file's clock is of the time when it was made; once that is known its guide is told in our time.
    server.until("/api/v1/channels/one", 60, "what is on now, by the stream's guide", |c| c["now"]["source"] == "eit").await;

    let nothing = server.post("/api/v1/rules/preview", json!({"title": "天气预报", "channel": "one", "column": "news"})).await;
    assert!(nothing["items"].as_array().unwrap().is_empty() && nothing["warning"].is_string(), "{nothing:#}");
    let rule = json!({"title_match": "any", "channel": "one", "column": "news", "keep_last": 5});
    let preview = server.post("/api/v1/rules/preview", rule.clone()).await;
    assert!(!preview["items"].as_array().unwrap().is_empty(), "{preview:#}");
    server.post("/api/v1/rules", rule.clone()).await;
    // A second rule for the same column takes nothing twice.
    server.post("/api/v1/rules", rule).await;
    let assets = server
        .until("/api/v1/assets?column=news", 30, "the programme that is on is claimed", |a| a["items"].as_array().is_some_and(|all| !all.is_empty()))
        .await;
    let mut starts: Vec<i64> = assets["items"].as_array().unwrap().iter().map(|a| a["start"].as_i64().unwrap()).collect();
    let all = starts.len();
    starts.sort_unstable();
    starts.dedup();
    assert_eq!(starts.len(), all, "each programme once: {assets:#}");
}
