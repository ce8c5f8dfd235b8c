//! Against the definitions on small random histories, and the examples of the paper by hand.

mod brute;
mod examples;
mod random;
