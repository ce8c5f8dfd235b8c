//! Against brute force on small random histories, and by hand on the examples of the literature.

mod brute;
mod examples;
mod random;
