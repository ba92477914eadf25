# shellcheck shell=bash
courier_start() { return 1; }
