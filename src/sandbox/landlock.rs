//! [`Rules`] into the kernel.

use ::landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, LandlockStatus, NetPort,
    RestrictionStatus, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus,
    Scope, path_beneath_rules,
};

use super::{Enforced, Extent, Rules};

/// The newest interface whose rights are all understood here: ioctl on devices came with it. A kernel without some of
/// them enforces the rest, and [`Enforced`] says so.
const FILES: ABI = ABI::V5;

/// TCP rules came with this one (Linux 6.7).
const NETWORK: ABI = ABI::V4;

/// Puts the rules in force for this thread and all that it starts, as far as the kernel can. Paths that do not exist are
/// passed over. Sets `no_new_privs`.
pub fn lock_in(rules: &Rules) -> Enforced {
    // Counted first: the rules hide /proc.
    let others = other_threads();
    match restrict(rules) {
        Ok(status) => enforced(&status, others),
        Err(error) => {
            let why = error.to_string();
            Enforced { filesystem: Extent::None(why.clone()), network: Extent::None(why) }
        }
    }
}

fn restrict(rules: &Rules) -> Result<RestrictionStatus, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    // Everything but running programs and making devices.
    let write = AccessFs::from_all(FILES)
        & !(AccessFs::Execute | AccessFs::MakeBlock | AccessFs::MakeChar | AccessFs::IoctlDev);
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(FILES))?
        .handle_access(AccessNet::from_all(NETWORK))?
        .scope(Scope::Signal)?
        .create()?
        .add_rules(path_beneath_rules(&rules.read, read))?
        .add_rules(path_beneath_rules(&rules.write, write))?;
    for port in &rules.connect {
        ruleset = ruleset.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
    }
    ruleset.restrict_self()
}

fn enforced(status: &RestrictionStatus, others: usize) -> Enforced {
    let abi = match status.landlock {
        LandlockStatus::NotImplemented => return nothing("the kernel is built without Landlock"),
        LandlockStatus::NotEnabled => {
            return nothing("Landlock is built into the kernel, but not enabled (lsm=)");
        }
        LandlockStatus::Available { effective_abi, .. } => effective_abi,
    };
    if status.ruleset == RulesetStatus::NotEnforced {
        return nothing("the kernel took none of the rules");
    }
    let extent = |needed: ABI, short: &str| {
        if others > 0 {
            Extent::Partial(format!("{others} threads ran already and are not covered"))
        } else if abi < needed {
            Extent::Partial(short.to_owned())
        } else {
            Extent::Full
        }
    };
    let network = if abi < NETWORK {
        Extent::None(format!("TCP rules need Landlock 4 (Linux 6.7), this kernel has {}", abi as i32))
    } else {
        extent(NETWORK, "")
    };
    let filesystem = extent(FILES, &format!("Landlock {} does not know every right", abi as i32));
    Enforced { filesystem, network }
}

fn nothing(why: &str) -> Enforced {
    Enforced { filesystem: Extent::None(why.to_owned()), network: Extent::None(why.to_owned()) }
}

/// Threads beside this one. Where /proc cannot be read, none is assumed.
fn other_threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, |tasks| tasks.count().saturating_sub(1))
}
