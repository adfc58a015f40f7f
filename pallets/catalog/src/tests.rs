//! One file per call, and one each for the sources of versions, the properties, and the state as a whole.

mod change;
mod flag;
mod lineage;
mod offer;
mod properties;
mod publish;
mod register;
mod set_devices;
mod state;
mod take;
