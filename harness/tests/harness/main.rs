//! The harness from outside: what passes, what fails, and how it says so.

mod mistakes;
mod store;

#[test]
fn the_example_of_the_documentation_survives_chaos() {
    store::survives_chaos();
}
