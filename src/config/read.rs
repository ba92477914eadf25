//! The file's octets to text, or what keeps it from being read.

use std::io::Read as _;
use std::path::Path;

use super::diagnostic::{Diagnostic, Text};

/// No configuration is longer; what is longer is another file. Octets.
const LONGEST: u64 = 1 << 20;

/// The text, or what keeps it from being read.
pub(super) fn text(path: &Path) -> Result<String, Box<Diagnostic>> {
    let file = std::fs::File::open(path).map_err(|cause| Box::new(cannot_open(path, &cause)))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        let inside = path.join("komainu.toml");
        return Err(Box::new(
            Diagnostic::error(Text::new(
                "これはフォルダーで、設定ファイルではありません",
                "this is a directory, not a configuration file",
            ))
            .help(Text::new(
                format!("--config {} ではありませんか?", inside.display()),
                format!("did you mean --config {}?", inside.display()),
            )),
        ));
    }
    let mut octets = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut octets).map_err(|cause| Box::new(cannot_open(path, &cause)))?;
    if octets.len() as u64 > LONGEST {
        return Err(Box::new(
            Diagnostic::error(Text::new(
                "設定ファイルにしては大きすぎます (1 MiB 超)",
                "too large for a configuration (more than 1 MiB)",
            ))
            .help(Text::new("別のファイルを指定していないか確かめてください", "is it the right file?")),
        ));
    }
    if octets.starts_with(b"\xef\xbb\xbf") {
        octets.drain(..3);
    }
    String::from_utf8(octets).map_err(|error| Box::new(not_utf8(&error)))
}

fn not_utf8(error: &std::string::FromUtf8Error) -> Diagnostic {
    let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
    let lines: Vec<&[u8]> = good.split(|octet| *octet == b'\n').collect();
    let line = lines.len();
    let column = String::from_utf8_lossy(lines.last().copied().unwrap_or_default()).chars().count() + 1;
    Diagnostic::error(Text::new(
        format!("UTF-8 ではない文字があります（{line} 行 {column} 文字目）"),
        format!("not UTF-8 (line {line}, column {column})"),
    ))
    .help(Text::new(
        "エディターの「文字コード」を UTF-8 にして保存し直してください（Shift_JIS の場合: iconv -f CP932 -t UTF-8）",
        "save it as UTF-8 (from Shift_JIS: iconv -f CP932 -t UTF-8)",
    ))
}

fn cannot_open(path: &Path, cause: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match cause.kind() {
        ErrorKind::NotFound => {
            Diagnostic::error(Text::new("設定ファイルがありません", "there is no such configuration file"))
                .help(Text::new(
                    format!("パスは正しいですか: ls -l {}", directory.display()),
                    format!("is the path right? ls -l {}", directory.display()),
                ))
                .help(Text::new("別の場所にあるなら: --config FILE", "if it stands elsewhere: --config FILE"))
                .help(Text::new(
                    "まだ作っていないなら: komainu setup、または config/komainu.toml を写して直す",
                    "if there is none yet: komainu setup, or copy and edit config/komainu.toml",
                ))
        }
        ErrorKind::PermissionDenied => Diagnostic::error(Text::new(
            "設定ファイルを読む許可がありません",
            "no permission to read the configuration file",
        ))
        .help(Text::new(
            format!(
                "誰が読めるか: ls -l {}。システムのサービスなら利用者 komainu が読める必要があります",
                path.display()
            ),
            format!("see who may: ls -l {}; a system service reads it as user komainu", path.display()),
        )),
        _ => Diagnostic::error(Text::new(
            format!("設定ファイルを読めません: {cause}"),
            format!("cannot read the configuration file: {cause}"),
        )),
    }
}
