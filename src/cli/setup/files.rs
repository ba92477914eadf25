//! The files that setup leaves: all of them or none, never in place of another, and nobody else can read them.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

/// The group of the system service (`systemd/komainu.sysusers.conf`).
const GROUP: &str = "komainu";

/// Who may read: the person alone, or root and, through the group, the system service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Files 0600, directories 0700.
    Owner,
    /// Files root:group 0640, directories root:group 0750: the service runs as another user than the one who sets it up.
    Service(u32),
}

impl Readers {
    /// For this user; `group` is what /etc/group says.
    pub(super) fn of(uid: u32, group: &str) -> Self {
        let service = group.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == GROUP).then_some(())?;
            fields.nth(1)?.parse().ok()
        });
        match service {
            Some(gid) if uid == 0 => Self::Service(gid),
            _ => Self::Owner,
        }
    }

    fn modes(self) -> (u32, u32) {
        match self {
            Self::Owner => (0o600, 0o700),
            Self::Service(_) => (0o640, 0o750),
        }
    }
}

/// A file that could not be written; nothing was.
#[derive(Debug)]
pub(super) struct NotWritten(pub(super) PathBuf, pub(super) io::Error);

/// Writes all, or none. A file that is there already is left as it is, and then none is written.
pub(super) fn write(files: &[(&Path, &str)], readers: Readers) -> Result<(), NotWritten> {
    let mut made = Vec::new();
    let done = files.iter().try_for_each(|(path, text)| {
        let at = |error| NotWritten((*path).to_owned(), error);
        let temporary = lay(path, text, readers).map_err(at)?;
        made.push(temporary);
        Ok(())
    });
    let done = done.and_then(|()| {
        let temporary = made.clone();
        for (from, (to, _)) in temporary.iter().zip(files) {
            publish(from, to).map_err(|error| NotWritten((*to).to_owned(), error))?;
            made.push((*to).to_owned());
            made.retain(|path| path != from);
        }
        Ok(())
    });
    if done.is_err() {
        for path in made {
            let _ = fs::remove_file(path);
        }
    }
    done
}

/// Writes a file beside the one it is to be, durably.
fn lay(path: &Path, text: &str, readers: Readers) -> io::Result<PathBuf> {
    let (file_mode, directory_mode) = readers.modes();
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.exists() {
        DirBuilder::new().mode(directory_mode).recursive(true).create(directory)?;
        if let Readers::Service(gid) = readers {
            chown(directory, None, Some(gid))?;
            // mkdir(2) leaves out what the umask says.
            fs::set_permissions(directory, fs::Permissions::from_mode(directory_mode))?;
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = directory.join(format!(".{name}.{:016x}", fastrand::u64(..)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| {
        if let Readers::Service(gid) = readers {
            chown(&temporary, None, Some(gid))?;
        }
        file.set_permissions(fs::Permissions::from_mode(file_mode))?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(temporary),
        Err(error) => {
            let _ = fs::remove_file(&temporary);
            Err(error)
        }
    }
}

fn publish(from: &Path, to: &Path) -> io::Result<()> {
    renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(io::Error::from).or_else(|error| {
        match error.kind() {
            // Filesystems without RENAME_NOREPLACE have hard links, which do not overwrite either.
            ErrorKind::InvalidInput | ErrorKind::Unsupported => {
                fs::hard_link(from, to).and_then(|()| fs::remove_file(from))
            }
            _ => Err(error),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn all_are_written_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("new/deep/a"), dir.path().join("new/deep/b"));
        write(&[(&a, "one"), (&b, "two")], Readers::Owner).unwrap();
        assert_eq!(
            (fs::read_to_string(&a).unwrap(), fs::read_to_string(&b).unwrap()),
            ("one".into(), "two".into())
        );
        assert_eq!((mode(&a), mode(&b)), (0o600, 0o600));
        assert_eq!((mode(&dir.path().join("new")), mode(&dir.path().join("new/deep"))), (0o700, 0o700));
    }

    #[test]
    fn where_one_is_there_already_none_is_written_and_it_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&b, "old").unwrap();
        for files in [[(&*a, "1"), (&*b, "2")], [(&*b, "2"), (&*a, "1")]] {
            let NotWritten(path, error) = write(&files, Readers::Owner).unwrap_err();
            assert_eq!((path, error.kind()), (b.clone(), ErrorKind::AlreadyExists));
        }
        assert_eq!(fs::read_to_string(&b).unwrap(), "old");
        let left: Vec<_> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["b"]);
    }

    #[test]
    fn the_service_reads_what_root_set_up() {
        let group = "root:x:0:\nkomainu:x:990:\nkomainux:x:7:\n";
        assert_eq!(Readers::of(0, group), Readers::Service(990));
        assert_eq!(Readers::of(1000, group), Readers::Owner);
        assert_eq!(Readers::of(0, "komainux:x:7:\n"), Readers::Owner);
    }
}
