//! A channel that browsers can play is watched live, and from an instant on its tape.

use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn the_tape_is_played_live_and_from_an_instant() {
    let server = Server::start("").await;
    server.file_channel("one", &material::progressive(), None).await;
    let begin = server.taped("one", 14_000).await;
    let master = server.text("/media/live/one/master.m3u8").await;
    assert!(master.contains("CODECS=\"avc1.") && master.contains("mp4a.40.2"), "{master}");

    let live = server.text("/media/live/one/video/index.m3u8").await;
    let over = server.text(&format!("/media/live/one/video/index.m3u8?from={begin}")).await;
    assert!(!live.contains("ENDLIST") && !live.contains("PLAYLIST-TYPE"), "{live}");
    assert!(over.contains("#EXT-X-PLAYLIST-TYPE:EVENT") && over.matches("#EXTINF").count() >= live.matches("#EXTINF").count(), "{over}");
    for rung in ["video", "audio"] {
        let playlist = server.text(&format!("/media/live/one/{rung}/index.m3u8")).await;
        let map = playlist.split("URI=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an init segment");
        let init = server.bytes(&format!("/media/live/one/{rung}/{map}")).await;
        assert_eq!(&init[4..8], b"ftyp");
        for segment in playlist.lines().filter(|l| l.ends_with(".m4s")) {
            assert_eq!(&server.bytes(&format!("/media/live/one/{rung}/{segment}")).await[4..8], b"styp");
        }
    }
    let response = server.ask(reqwest::Method::GET, "/media/live/one/video/12345-0.m4s", None).await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}
