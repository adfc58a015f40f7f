//! One file per part of the pallet, and one each for amendments, payment, the properties, and the state as a whole.

mod amendment;
mod codes;
mod decision;
mod delegation;
mod life;
mod negotiation;
mod payment;
mod properties;
mod receipts;
mod rules;
mod state;
