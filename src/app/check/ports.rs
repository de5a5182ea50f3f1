use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use super::{Finding, Purpose, Severity, machine, text};
use crate::config;

pub(super) fn free(server: &config::Server, purpose: Purpose, findings: &mut Vec<Finding>) {
    let wanted = [("https_listen", server.https_listen), ("http_listen", server.http_listen), ("certificate_listen", server.certificate_listen)];
    for (setting, listen) in wanted {
        if let Some(address) = listen.address()
            && let Err(error) = TcpListener::bind(address)
        {
            findings.push(taken(&format!("[server] {setting}"), address, &error, purpose));
        }
    }
}

/// Those of rooms.
pub(super) fn media_free(rooms: &config::Rooms, purpose: Purpose, findings: &mut Vec<Finding>) {
    if !rooms.enabled {
        return;
    }
    // Without IPv6 the machine's IPv4 addresses are all there is.
    let any = |port: u16| [SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)), SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))];
    let mut look = |setting: &str, port: u16, error: Option<std::io::Error>| {
        findings.extend(error.map(|error| taken(setting, any(port)[1], &error, purpose)));
    };
    if rooms.tcp_port != 0 {
        look("[rooms] tcp_port", rooms.tcp_port, TcpListener::bind(&any(rooms.tcp_port)[..]).err());
    }
    let threads = rooms.media_threads() as u16;
    for port in (0..threads).filter(|_| rooms.udp_port != 0).filter_map(|thread| rooms.udp_port.checked_add(thread)) {
        look("[rooms] udp_port", port, UdpSocket::bind(&any(port)[..]).err());
    }
}

fn taken(setting: &str, address: SocketAddr, said: &std::io::Error, purpose: Purpose) -> Finding {
    let why = match setting.starts_with("[rooms]") {
        false => text("没有这个端口,浏览器无法访问", "without this port browsers cannot reach the server"),
        true => text("没有这个端口,会议没有声音和图像", "without this port meetings have neither sound nor pictures"),
    };
    let port = address.port();
    match said.kind() {
        ErrorKind::AddrInUse => {
            let holder = holder(port);
            let ours = holder.as_ref().is_some_and(|(_, name)| name == "yizhan");
            let (by_zh, by_en) =
                holder.map_or((String::new(), String::new()), |(id, name)| (format!(",占用者:{name}(进程 {id})"), format!(" by {name} (process {id})")));
            Finding {
                severity: if ours && purpose == Purpose::Look { Severity::Note } else { Severity::Error },
                about: "port",
                what: text(format!("端口 {address} 已被占用{by_zh}"), format!("{address} is already in use{by_en}")),
                why,
                cure: text(format!("停止占用者,或修改 `{setting}`"), format!("end that program, or choose another port in `{setting}`")),
            }
        }
        ErrorKind::PermissionDenied => Finding {
            severity: Severity::Error,
            about: "port",
            what: text(format!("没有权限使用端口 {address}"), format!("not allowed to listen on {address}")),
            why: text("1024 以下的端口需要特权", "ports below 1024 need a privilege"),
            cure: text(
                format!("`sudo setcap cap_net_bind_service=+ep <yizhan 程序>`,或在 `{setting}` 中换用 1024 以上的端口"),
                format!("`sudo setcap cap_net_bind_service=+ep <the yizhan program>`, or take a port above 1023 in `{setting}`"),
            ),
        },
        _ => Finding {
            severity: Severity::Error,
            about: "port",
            what: text(format!("无法监听 {address}:{said}"), format!("cannot listen on {address}: {said}")),
            why,
            cure: text(format!("检查 `{setting}` 的地址是否属于本机"), format!("see whether the address in `{setting}` is one of this machine")),
        },
    }
}

/// Who has a port, if /proc tells: the socket's inode from the table, then the process that has it open.
fn holder(port: u16) -> Option<(u32, String)> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6"].map(|path| std::fs::read_to_string(path).unwrap_or_default());
    let inodes: Vec<String> = tables.iter().flat_map(|table| listening(table, port)).map(|inode| format!("socket:[{inode}]")).collect();
    machine::processes().find(|(id, _)| {
        let files = std::fs::read_dir(format!("/proc/{id}/fd")).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|target| inodes.iter().any(|inode| target.as_os_str() == inode.as_str()))
    })
}

/// Inodes of sockets that listen on the port, from the text of /proc/net/tcp (proc(5)): local address is field 1, state field 3 (0A: TCP that
/// listens, 07: UDP), inode field 9.
fn listening(table: &str, port: u16) -> impl Iterator<Item = u64> {
    table.lines().skip(1).filter_map(move |line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let local = u16::from_str_radix(fields.get(1)?.rsplit_once(':')?.1, 16).ok()?;
        (local == port && matches!(*fields.get(3)?, "0A" | "07")).then_some(())?;
        fields.get(9)?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Listen;

    #[test]
    fn a_taken_port_is_told_with_its_holder() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = config::Server { https_listen: address.into(), http_listen: Listen::OFF, certificate_listen: Listen::OFF, ..config::Server::default() };
        let mut findings = Vec::new();
        free(&server, Purpose::Start, &mut findings);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.severity, finding.about), (Severity::Error, "port"));
        assert!(finding.what.en.contains(&format!("(process {})", std::process::id())), "{}", finding.what.en);
        // Closed it is free again, unless another process took it in the same instant.
        drop(listener);
        let free_again = (0..20).any(|_| {
            findings.clear();
            free(&server, Purpose::Start, &mut findings);
            std::thread::sleep(std::time::Duration::from_millis(50));
            findings.is_empty()
        });
        assert!(free_again, "{findings:?}");
    }

    #[test]
    fn a_taken_media_port_is_told() {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        let rooms = config::Rooms { udp_port: port, media_threads: 1, tcp_port: 0, ..config::Rooms::default() };
        let mut findings = Vec::new();
        media_free(&rooms, Purpose::Start, &mut findings);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert!(finding.what.en.contains(&port.to_string()) && finding.cure.en.contains("[rooms] udp_port"), "{finding:?}");
    }

    #[test]
    fn an_address_of_another_machine_is_told() {
        let server = config::Server {
            https_listen: "192.0.2.1:8443".parse::<SocketAddr>().unwrap().into(),
            http_listen: Listen::OFF,
            certificate_listen: Listen::OFF,
            ..config::Server::default()
        };
        let mut findings = Vec::new();
        free(&server, Purpose::Look, &mut findings);
        assert!(findings[0].what.en.starts_with("cannot listen on 192.0.2.1:8443"), "{findings:?}");
    }
}
