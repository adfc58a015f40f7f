//! What `frame-omni-bencher` can measure in this runtime.

frame_benchmarking::define_benchmarks!(
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_timestamp, Timestamp]
    [pallet_journal, Journal]
    [pallet_consortium, Consortium]
    [pallet_attestations, Attestations]
);
