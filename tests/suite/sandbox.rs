//! Locked in, in a process of its own: what is allowed still works, what is not is refused, and what the kernel cannot
//! enforce is said.

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use komainu::sandbox::{Needs, lock_in, rules};

use crate::child;

fn word<T>(result: std::io::Result<T>) -> &'static str {
    match result {
        Ok(_) => "allowed",
        Err(error) if error.kind() == ErrorKind::PermissionDenied => "refused",
        Err(_) => "other",
    }
}

fn in_the_child(dir: &Path, open: u16, closed: u16) {
    let state = dir.join("state");
    let needs = Needs { read: vec![dir.join("config")], write: vec![state.clone()], connect: vec![open] };
    let enforced = lock_in(&rules(&needs));
    // libtest prints the test's name first, without a line feed.
    println!();
    println!("filesystem={}", enforced.filesystem);
    println!("network={}", enforced.network);
    println!(
        "write-state={}",
        word(fs::write(state.join("a"), "x").and_then(|()| fs::rename(state.join("a"), state.join("sub/b"))))
    );
    println!("write-config={}", word(fs::write(dir.join("config/komainu.toml"), "x")));
    println!("write-outside={}", word(fs::write(dir.join("outside"), "x")));
    println!("read-config={}", word(fs::read(dir.join("config/komainu.toml"))));
    println!("read-outside={}", word(fs::read(dir.join("secret"))));
    println!("read-resolver={}", word(fs::read("/etc/nsswitch.conf").or_else(|_| fs::read("/etc/passwd"))));
    println!("run={}", word(std::process::Command::new("/bin/true").status()));
    println!("connect-open={}", word(TcpStream::connect(("127.0.0.1", open))));
    println!("connect-closed={}", word(TcpStream::connect(("127.0.0.1", closed))));
    println!("listen={}", word(TcpListener::bind("127.0.0.1:0")));
}

#[test]
fn what_is_not_allowed_is_refused_where_the_kernel_can() {
    if child::is_child() {
        let number = |name: &str| std::env::var(name).unwrap().parse().unwrap();
        in_the_child(
            Path::new(&std::env::var("SANDBOX_DIR").unwrap()),
            number("SANDBOX_OPEN"),
            number("SANDBOX_CLOSED"),
        );
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("state/sub")).unwrap();
    fs::create_dir_all(dir.path().join("config")).unwrap();
    fs::write(dir.path().join("config/komainu.toml"), "c").unwrap();
    fs::write(dir.path().join("secret"), "s").unwrap();
    let (open, closed) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port().to_string();
    let output = child::run(
        "sandbox::what_is_not_allowed_is_refused_where_the_kernel_can",
        &[
            ("SANDBOX_DIR", dir.path().to_str().unwrap()),
            ("SANDBOX_OPEN", &port(&open)),
            ("SANDBOX_CLOSED", &port(&closed)),
        ],
    );
    let said = |key: &str| child::said(&output, key);
    for allowed in ["write-state", "read-config", "read-resolver", "connect-open"] {
        assert_eq!(said(allowed), "allowed", "{allowed}");
    }
    let filesystem = said("filesystem");
    if filesystem.starts_with("none") {
        println!("not enforced here, files: {filesystem}");
    } else {
        for refused in ["write-config", "write-outside", "read-outside", "run"] {
            assert_eq!(said(refused), "refused", "{refused}");
        }
        assert_eq!(fs::read(dir.path().join("config/komainu.toml")).unwrap(), b"c");
    }
    let network = said("network");
    if network.starts_with("none") {
        println!("not enforced here, network: {network}");
    } else {
        for refused in ["connect-closed", "listen"] {
            assert_eq!(said(refused), "refused", "{refused}");
        }
    }
    println!("enforced here: files {filesystem}, network {network}");
}
