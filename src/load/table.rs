//! A report and its progress as text, Chinese first, English beside it.

use std::fmt;

use super::options::Shape;
use super::report::{Received, Report, Spread};
use super::run::Progress;

/// Cells that a name takes up; a Chinese character has two.
const NAME: usize = 34;

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs();
        let (receives, sends) = (mbps(self.in_bps), mbps(self.out_bps));
        write!(
            f,
            "{:02}:{:02}  入会 joined {}/{}  看到 seeing {}  收 in {receives} Mb/s  发 out {sends} Mb/s",
            seconds / 60,
            seconds % 60,
            self.joined,
            self.clients,
            self.receiving
        )?;
        if self.failed > 0 { write!(f, "  失败 failed {}", self.failed) } else { Ok(()) }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = match self.shape {
            Shape::Lecture => "讲座 lecture",
            Shape::Meeting => "会议 meeting",
            Shape::Onlookers => "旁听 onlookers",
        };
        line(
            f,
            "形式 shape",
            format_args!("{shape},{} 个会议室 rooms,{} 发 publish,{} 收 look,{:.0} s", self.rooms, self.publishers, self.subscribers, self.seconds),
        )?;
        line(f, "入会 joined", format_args!("{}/{}", self.joined, self.clients))?;
        for (error, count) in &self.errors {
            line(f, "失败 failed", format_args!("{count} × {error}"))?;
        }
        if !self.is_success() {
            return Ok(());
        }
        writeln!(f)?;
        line(f, "从点击起 since the click", format_args!("{HEAD}"))?;
        line(f, "  信令 signalling", self.join.signalled_ms)?;
        line(f, "  媒体连通 media connected", self.join.connected_ms)?;
        line(f, "  第一幅图像 first picture", self.join.first_picture_ms)?;
        writeln!(f)?;
        line(f, "收 in / 发 out", format_args!("{} / {} Mb/s", mbps(self.in_bps), mbps(self.out_bps)))?;
        let sent = &self.sent;
        line(f, "发图像 pictures sent", format_args!("{} (关键帧 key {}), {} 包 packets", sent.pictures, sent.key_pictures, sent.video_packets))?;
        line(f, "  收到 received NACK / PLI", format_args!("{} / {}", sent.nacks_received, sent.plis_received))?;
        if sent.unsent > 0 {
            line(f, "  本机未能发出 could not be sent", sent.unsent)?;
        }
        if self.video_received.tracks > 0 {
            pictures(f, &self.video_received, self.is_simulcast)?;
        }
        let sound = &self.audio_received;
        if sound.tracks > 0 {
            writeln!(f)?;
            line(f, "收声音 sound received", format_args!("{} 路 tracks, {} 包 packets", sound.tracks, sound.packets))?;
            line(f, "  丢包 lost", format_args!("{} ({} %)", sound.lost, sound.lost_percent))?;
            line(f, "", format_args!("{HEAD}"))?;
            line(f, "  延迟 delay", sound.delay_ms)?;
        }
        if self.is_busy {
            writeln!(f)?;
            let late = self.lateness_ms.p99;
            writeln!(f, "本机过忙(定时器晚 {late} ms),以上数字部分是本机造成的,请换或加一台机器测")?;
            writeln!(f, "This machine was too busy (timers {late} ms late): part of these figures is its own doing; use another, or one more")?;
        }
        Ok(())
    }
}

const HEAD: &str = "     p50      p95      p99      max ms";

fn pictures(f: &mut fmt::Formatter<'_>, received: &Received, is_simulcast: bool) -> fmt::Result {
    writeln!(f)?;
    line(f, "收图像 pictures received", format_args!("{} 路 tracks, {} 幅 pictures", received.tracks, received.pictures))?;
    line(f, "  每路 of a track", format_args!("{} Mb/s, {} 幅/s fps", mbps(received.track_bps), received.pictures_per_second))?;
    if is_simulcast {
        let [low, medium, high] = received.pictures_of_layers;
        line(f, "  各层 of layers q / h / f", format_args!("{low} / {medium} / {high}"))?;
    }
    if received.dark > 0 {
        line(f, "  始终无图 never a picture", format_args!("{} 路 tracks", received.dark))?;
    }
    line(f, "  丢包 lost", format_args!("{} / {} ({} %)", received.lost, received.packets + received.lost, received.lost_percent))?;
    line(f, "  发出 sent NACK / PLI", format_args!("{} / {}", received.nacks_sent, received.plis_sent))?;
    line(f, "  卡顿 freezes (> 500 ms)", format_args!("{}, {} ms", received.freezes, received.frozen_ms))?;
    line(f, "", format_args!("{HEAD}"))?;
    line(f, "  延迟 delay", received.delay_ms)?;
    line(f, "  等关键帧 wait for key frame", received.key_wait_ms)
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.count == 0 {
            return f.write_str("       —");
        }
        write!(f, "{:8.1} {:8.1} {:8.1} {:8.1}   ({})", self.p50, self.p95, self.p99, self.max, self.count)
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, value: impl fmt::Display) -> fmt::Result {
    let wide = name.chars().filter(|c| ('\u{2e80}'..='\u{ffef}').contains(c)).count();
    let cells = name.chars().count() + wide;
    writeln!(f, "{name}{:fill$}{value}", "", fill = NAME.saturating_sub(cells))
}

fn mbps(bps: u64) -> String {
    format!("{:.2}", bps as f64 / 1e6)
}
