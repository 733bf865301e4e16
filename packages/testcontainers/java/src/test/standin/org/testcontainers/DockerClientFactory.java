package org.testcontainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Stands in for Testcontainers: volumes are folders. */
public final class DockerClientFactory {
    private static final DockerClientFactory INSTANCE = new DockerClientFactory();
    private final Map<String, Path> volumes = new HashMap<>();

    public static DockerClientFactory instance() {
        return INSTANCE;
    }

    public Path volume(String name) {
        return volumes.computeIfAbsent(name, unknown -> {
            try {
                return Files.createTempDirectory("volume");
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        });
    }

    public DockerClientFactory client() {
        return this;
    }

    public Command removeVolumeCmd(String name) {
        return () -> {
            if (volumes.remove(name) == null) {
                throw new IllegalStateException("there is no volume " + name);
            }
        };
    }

    /** A command of docker-java. */
    public interface Command {
        void exec();
    }
}
