//! Tests that cross rooms: properties of whole runs, through the public interface only.

mod bugs;
mod causality;
mod exports;
mod faults;
mod guests;
mod laws;
mod live;
mod models;
mod promises;
mod recorded;
mod reference;
mod services;
mod shrink;
mod sweep;
mod time;
