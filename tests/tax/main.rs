//! Taxes and rounding: one order for each rule of a country, known complaints, and the guarantees.

mod customers;
mod issues;
mod places;
mod properties;
mod rounding;
mod shipping;
mod shop;
