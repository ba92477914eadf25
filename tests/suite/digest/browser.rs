//! The page in a real browser: that it loads nothing but itself, that its policy holds, and that it fits. What it looks
//! like is left under the target folder (`tmp/digest-pages`), for a person to look at.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use komainu::digest;
use komainu::document::Language;
use serde_json::{Value, json};

use super::hostile::{NASTY, everywhere};
use super::sample::full;

/// Longer than any answer takes; so long, and no longer, the test waits for a browser that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Chromium, spoken to by its DevTools protocol over a pipe: messages of JSON, a NUL after each.
struct Browser {
    child: Child,
    input: ChildStdin,
    output: Receiver<Value>,
    events: VecDeque<Value>,
    session: Option<String>,
    asked: u64,
}

/// What came out of a page.
struct Seen {
    /// Addresses asked for, whether or not they were let through.
    requests: Vec<String>,
    /// Lines of the console, violations of the policy, exceptions.
    complaints: Vec<String>,
    /// How far it is wider than the window.
    overflow: f64,
    title: String,
}

/// Where an unpacked browser finds what it is linked with, packages that have a folder of their own included.
fn libraries(root: &Path) -> String {
    let of_all = root.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    let own = ["", "pulseaudio", "blas", "lapack"].map(|name| of_all.join(name).display().to_string());
    own.join(":")
}

/// Whether the unpacked one shows anything on this machine: a browser without its libraries shows nothing about a page.
fn works(program: &Path, root: &Path, home: &Path) -> bool {
    if !program.is_file() {
        return false;
    }
    let profile = format!("--user-data-dir={}", home.join("trial").display());
    let output = Command::new("timeout")
        .args(["60"])
        .arg(program)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", &profile])
        .args(["--dump-dom", "about:blank"])
        .env("LD_LIBRARY_PATH", libraries(root))
        .env("HOME", home)
        .stderr(Stdio::null())
        .output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("<html"))
}

impl Browser {
    /// The installed one, or the one that `tests/run` unpacked; none where there is neither.
    fn start(home: &Path) -> Option<Self> {
        let unpacked = std::env::var_os("KOMAINU_TEST_BROWSER").map(PathBuf::from);
        let root = unpacked.clone().unwrap_or_default();
        let own = root.join("usr/lib/chromium/chromium");
        let installed = Command::new("chromium").arg("--version").stderr(Stdio::null()).output();
        let program = match installed {
            Ok(output) if output.status.success() => PathBuf::from("chromium"),
            _ => works(&own, &root, home).then_some(own)?,
        };
        // Its pipe is the descriptors 3 and 4.
        let mut command = Command::new("sh");
        command.args(["-c", "exec 3<&0 4>&1 </dev/null >/dev/null; exec \"$@\"", "sh"]).arg(&program).args([
            "--headless=new",
            "--remote-debugging-pipe",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
        ]);
        if rustix::process::geteuid().is_root() {
            command.arg("--no-sandbox");
        }
        command.arg(format!("--user-data-dir={}", home.join("profile").display()));
        if unpacked.is_some() {
            let fonts = home.join("fonts.conf");
            let dirs = [PathBuf::from("/usr/share/fonts"), root.join("usr/share/fonts")];
            let dirs = dirs.map(|dir| format!("<dir>{}</dir>", dir.display())).concat();
            let cache = home.join("fonts").display().to_string();
            let face = |of: &str, is: &str| {
                format!("<alias><family>{of}</family><prefer><family>{is}</family></prefer></alias>")
            };
            let faces = face("sans-serif", "IPAPGothic") + &face("monospace", "DejaVu Sans Mono");
            let own = format!("<fontconfig>{dirs}<cachedir>{cache}</cachedir>{faces}</fontconfig>");
            fs::write(&fonts, own).unwrap();
            command.env("FONTCONFIG_FILE", fonts);
            if program.is_absolute() {
                command.env("LD_LIBRARY_PATH", libraries(&root));
            }
        }
        command.env("HOME", home).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0) {
                let Ok(message) = message else { return };
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    return;
                }
            }
        });
        let (events, session) = (VecDeque::new(), None);
        let mut browser = Self { child, input, output: receiver, events, session, asked: 0 };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", &attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Network", "Log", "Runtime"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        Some(browser)
    }

    fn read(&mut self) -> Value {
        self.output.recv_timeout(PATIENCE).expect("the browser answers")
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let mut message = json!({"id": self.asked, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.input.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut answer = self.read();
            if answer["id"] == self.asked {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
            self.events.push_back(answer);
        }
    }

    fn evaluate(&mut self, script: &str) -> Value {
        let asked = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        self.call("Runtime.evaluate", &asked)["result"]["value"].take()
    }

    /// Shows a file in a window of that width.
    fn show(&mut self, file: &Path, width: u32, dark: bool) -> Seen {
        self.events.clear();
        let window = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &window);
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", &media);
        self.call("Page.navigate", &json!({"url": url(file)}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.read();
            self.events.push_back(event);
        }
        // What is unfolded has to fit, too.
        self.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)");
        // Two frames later all is drawn that is going to be.
        self.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
        );
        let overflow = self.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        let title = self.evaluate("document.title").as_str().unwrap().to_owned();
        let mut seen =
            Seen { requests: vec![], complaints: vec![], overflow: overflow.as_f64().unwrap(), title };
        for event in &self.events {
            let params = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    seen.requests.push(params["request"]["url"].as_str().unwrap().to_owned());
                }
                "Log.entryAdded" => seen.complaints.push(params["entry"]["text"].to_string()),
                "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Page.javascriptDialogOpening" => {
                    seen.complaints.push(params.to_string());
                }
                _ => {}
            }
        }
        seen
    }

    /// The whole page as a picture.
    fn picture(&mut self, into: &Path) {
        let shot =
            self.call("Page.captureScreenshot", &json!({"format": "png", "captureBeyondViewport": true}));
        keep(&shot["data"], into, b"\x89PNG");
    }

    /// On A4, with what is folded left so.
    fn print(&mut self, into: &Path) {
        self.evaluate("document.querySelectorAll('details').forEach(part => part.open = false)");
        let pdf = self.call(
            "Page.printToPDF",
            &json!({"preferCSSPageSize": true, "paperWidth": 8.27, "paperHeight": 11.69}),
        );
        keep(&pdf["data"], into, b"%PDF-");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends its own processes when the pipe goes; killed if it does not.
        let _ = self.input.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        while self.output.recv_timeout(Duration::from_secs(10)).is_ok() {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep(data: &Value, into: &Path, begins: &[u8]) {
    let octets = STANDARD.decode(data.as_str().unwrap()).unwrap();
    assert!(
        octets.starts_with(begins) && octets.len() > 10_000,
        "{}: {} octets",
        into.display(),
        octets.len()
    );
    fs::write(into, octets).unwrap();
}

fn url(file: &Path) -> String {
    format!("file://{}", file.display())
}

#[test]
fn in_a_browser_the_page_loads_nothing_but_itself_and_fits() {
    let home = tempfile::tempdir().unwrap();
    let Some(mut browser) = Browser::start(home.path()) else {
        let line = "skipped: digest::browser::in_a_browser_the_page_loads_nothing_but_itself_and_fits (no chromium; tests/run fetches it)\n";
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return;
    };
    let shelf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("digest-pages");
    fs::create_dir_all(&shelf).unwrap();
    for (lang, name) in [(Language::Ja, "ja"), (Language::En, "en")] {
        let file = shelf.join(format!("{name}.html"));
        fs::write(&file, digest::html(&full(), lang)).unwrap();
        for (width, dark) in [(1100, false), (1100, true), (320, false)] {
            let scheme = if dark { "-dark" } else { "" };
            let at = shelf.join(format!("{name}-{width}{scheme}.png"));
            fits(&browser.show(&file, width, dark), &file, &at);
            browser.picture(&at);
        }
        browser.print(&shelf.join(format!("{name}.pdf")));
        let file = shelf.join(format!("{name}-hostile.html"));
        fs::write(&file, digest::html(&everywhere(&NASTY.concat()), lang)).unwrap();
        fits(&browser.show(&file, 320, false), &file, &file);
    }
    what_does_not_is_noticed(&mut browser, &shelf);
}

fn fits(seen: &Seen, file: &Path, at: &Path) {
    let at = at.display();
    assert_eq!(seen.requests, [url(file)], "{at}");
    assert_eq!(seen.complaints, Vec::<String>::new(), "{at}");
    assert!(seen.overflow <= 0.0, "{at}: {} too wide", seen.overflow);
    assert!(seen.title.starts_with("komainu: ") && seen.title.contains("2026"), "{at}: {}", seen.title);
}

fn what_does_not_is_noticed(browser: &mut Browser, shelf: &Path) {
    let file = shelf.join("acts.html");
    let page = digest::html(&full(), Language::En);
    let more = "<main><img src=\"https://x.invalid/a.png\"><script>1</script><p style=\"color:red\">x</p>";
    fs::write(&file, page.replace("<main>", more)).unwrap();
    let seen = browser.show(&file, 1100, false);
    let refused = seen.complaints.iter().filter(|one| one.contains("Content Security Policy")).count();
    assert_eq!(refused, 3, "{:?}", seen.complaints);
    fs::write(&file, "<title>x</title><img src=\"b.png\"><p style=\"width:90rem\">x").unwrap();
    let seen = browser.show(&file, 320, false);
    assert!(seen.requests.len() == 2 && seen.overflow > 0.0);
    fs::remove_file(file).unwrap();
}
