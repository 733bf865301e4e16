//! How AWS talks: service model, REST-XML, REST-JSON, SigV4, SigV4A.
