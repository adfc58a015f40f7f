//! One file per part of the pallet, and one each for lists, defaults, the properties, and the state as a whole.

mod billing;
mod defaults;
mod funding;
mod money;
mod netting;
mod payments;
mod properties;
mod queue;
mod scale;
mod state;
mod tariff;
mod usage;
