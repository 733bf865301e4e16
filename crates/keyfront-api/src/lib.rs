//! The AWS operations, one file each, the request pipeline and authorization.
