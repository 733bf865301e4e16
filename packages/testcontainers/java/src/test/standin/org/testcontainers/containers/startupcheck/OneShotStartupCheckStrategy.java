package org.testcontainers.containers.startupcheck;

/** Stands in for Testcontainers: the container has started when it has ended without an error. */
public class OneShotStartupCheckStrategy {}
