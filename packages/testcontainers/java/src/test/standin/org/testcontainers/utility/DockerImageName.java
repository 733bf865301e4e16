package org.testcontainers.utility;

/** Stands in for Testcontainers: the name of an image. */
public record DockerImageName(String name) {
    public static DockerImageName parse(String name) {
        return new DockerImageName(name);
    }
}
