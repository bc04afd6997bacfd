"""Cricket's models, made from recordings, synthesis and simulation. `cricket-train --help` says how."""
