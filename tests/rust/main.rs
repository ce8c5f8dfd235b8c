//! Tests that cross rooms: properties of whole runs, through the public interface only.

mod laws;
mod reference;
