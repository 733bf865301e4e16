//! The wire layer through its public interface.

mod signature;
