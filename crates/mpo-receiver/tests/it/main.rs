//! The orchestrator from outside: its authorization against a second reading of the RFCs, and its sockets against
//! bytes that no honest client sends.

mod auth_cases;
mod auth_decision;
mod auth_model;
mod auth_variables;
mod live_mpo;
mod raw_cases;
mod raw_request;
mod raw_socket;
