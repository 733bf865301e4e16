package com.github.dockerjava.api.model;

/** Stands in for docker-java: a named volume at a path. */
public record Bind(String name, Volume volume) {}
