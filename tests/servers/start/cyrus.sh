# shellcheck shell=bash
cyrus_start() { return 1; }
