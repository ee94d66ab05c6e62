"""`make soak`: processes are killed, disks full, clocks stepped, drops doubled; then all must be as without that."""
