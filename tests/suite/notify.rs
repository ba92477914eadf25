//! What the service manager hears, over its own protocol.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use komainu::systemd::Notifier;

use crate::child;

#[test]
fn the_service_manager_hears_each_state() {
    if child::is_child() {
        let notifier = Notifier::from_environment();
        println!();
        println!("heard={}", notifier.is_heard());
        println!("interval={:?}", notifier.watchdog_interval());
        notifier.ready();
        notifier.status("hanako: watching\nMAINPID=1");
        notifier.alive();
        notifier.reloading();
        notifier.stopping();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let output = child::run(
        "notify::the_service_manager_hears_each_state",
        &[("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "60000000")],
    );
    assert_eq!(child::said(&output, "heard"), "true");
    assert_eq!(child::said(&output, "interval"), "Some(30s)");
    let hear = || {
        let mut octets = [0; 4096];
        let count = socket.recv(&mut octets).unwrap();
        String::from_utf8_lossy(&octets[..count]).trim_end().to_owned()
    };
    assert_eq!(hear(), "READY=1");
    assert_eq!(hear(), "STATUS=hanako: watching MAINPID=1");
    assert_eq!(hear(), "WATCHDOG=1");
    let reloading = hear();
    let at = reloading.strip_prefix("RELOADING=1\nMONOTONIC_USEC=").unwrap_or_else(|| panic!("{reloading}"));
    assert!(at.parse::<u64>().unwrap() > 0);
    assert_eq!(hear(), "STOPPING=1");
}

#[test]
fn without_a_service_manager_nothing_happens() {
    if child::is_child() {
        let notifier = Notifier::from_environment();
        notifier.ready();
        notifier.alive();
        println!();
        println!("heard={}", notifier.is_heard());
        println!("interval={:?}", notifier.watchdog_interval());
        return;
    }
    let output = child::run("notify::without_a_service_manager_nothing_happens", &[]);
    assert!(output.status.success());
    assert_eq!(child::said(&output, "heard"), "false");
    assert_eq!(child::said(&output, "interval"), "None");
}
