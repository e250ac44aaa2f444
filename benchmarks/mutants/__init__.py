"""Plants small faults in the core, one at a time, and shows which of them no test notices: `make mutants`."""
