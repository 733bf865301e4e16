package com.github.dockerjava.api.model;

/** Stands in for docker-java: a path in a container. */
public record Volume(String path) {}
