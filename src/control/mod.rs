//! What commands ask of the running service, through a socket that only its owner can open.
