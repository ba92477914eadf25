//! The only door to async-imap, which serves as transport and response parser only; commands, outcomes, IDLE and
//! timeouts are komainu's own (`Executor`), and a framing guard stands beneath.
